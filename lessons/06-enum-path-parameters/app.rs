//! Enums as parameters: a fixed set of values, validated and documented.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::fastapi::{Api, Json, Path, get};

/// One route whose parameter is one of three names.
pub fn app() -> Api {
    Api::new().route("/models/{model_name}", get(get_model))
}

#[derive(Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
enum ModelName {
    Alexnet,
    Resnet,
    Lenet,
}

async fn get_model(Path(model_name): Path<ModelName>) -> Json<Model> {
    let message = match model_name {
        ModelName::Alexnet => "Deep Learning FTW!",
        ModelName::Lenet => "LeCNN all the images",
        ModelName::Resnet => "Have some residuals",
    };
    Json(Model { model_name, message })
}

#[derive(Serialize)]
struct Model {
    model_name: ModelName,
    message: &'static str,
}
