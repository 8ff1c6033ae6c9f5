//! Replies that leave out what nobody has set.

use schemars::JsonSchema;
use serde::Serialize;

use crate::fastapi::{Api, Json, MaybeUnset, Path, get};

/// One route with three items, each with more of its fields set.
pub fn app() -> Api {
    Api::new().route(
        "/items/{item_id}",
        get(get_item).response_model::<Item>().response_model_exclude_unset(),
    )
}

#[derive(Default, Serialize, JsonSchema)]
struct Item {
    name: String,
    #[serde(default, skip_serializing_if = "MaybeUnset::is_unset")]
    description: MaybeUnset<Option<String>>,
    price: f64,
    #[serde(default, skip_serializing_if = "MaybeUnset::is_unset")]
    tax: MaybeUnset<Option<f64>>,
    #[serde(default, skip_serializing_if = "MaybeUnset::is_unset")]
    #[schemars(extend("default" = []))]
    tags: MaybeUnset<Vec<String>>,
}

async fn get_item(Path(item_id): Path<i64>) -> Json<Item> {
    Json(match item_id {
        1 => Item { name: "Widget".into(), price: 9.99, ..Item::default() },
        2 => Item {
            name: "Gadget".into(),
            price: 49.99,
            description: Some("A cool gadget".into()).into(),
            ..Item::default()
        },
        _ => Item {
            name: "Default".into(),
            price: 0.0,
            description: None.into(),
            tax: None.into(),
            tags: vec![].into(),
        },
    })
}
