//! What a handler may ask for: one type an argument, each of which describes itself.
//!
//! An argument is planned once, when its route is added, and extracted on each request. It either
//! aborts with an [`HttpException`] or yields validation errors; those of all arguments are
//! collected before the handler's wrapper answers, as FastAPI does.

use std::any::{Any, type_name};

use schemars::JsonSchema;
use serde::de::DeserializeOwned;

use super::accept::{Unacceptable, accept};
use super::body::Body;
use super::console::Console;
use super::error::{HttpException, Problem, Step, ValidationError};
use super::openapi::{Operation, Parameter, Place};
use super::pattern::Pattern;
use super::reply::Json;
use super::request::Request;
use super::schema::{Field, Kind, Schema};
use super::state::State;
use super::validate::validate;
use super::value::{ConversionError, Value, from_value};

/// Why an argument could not be had.
#[derive(Debug)]
pub enum Rejection {
    /// Answer with this and look no further.
    Abort(HttpException),
    /// Answer with these, and with what the other arguments have to say.
    Invalid(Vec<ValidationError>),
    /// The program is at fault; a 500 that tells the console why.
    Fault(String),
}

impl From<ConversionError> for Rejection {
    fn from(error: ConversionError) -> Self {
        Self::Fault(format!("a validated value does not fit its type: {error}"))
    }
}

impl From<Unacceptable> for Rejection {
    fn from(reason: Unacceptable) -> Self {
        match reason {
            Unacceptable::Invalid(errors) => Self::Invalid(errors),
            Unacceptable::Fault(fault) => Self::Fault(fault.to_string()),
        }
    }
}

/// A type that a handler can have as an argument.
pub trait Argument: Sized + 'static {
    /// What is worked out once for each route.
    type Plan: Send + Sync + 'static;

    /// Works it out for a route with this path.
    fn plan(path: &Pattern) -> Self::Plan;

    /// Adds the argument to the route's OpenAPI operation.
    fn describe(plan: &Self::Plan, operation: &mut Operation);

    /// Takes the argument from a request.
    fn extract(
        plan: &Self::Plan,
        request: &Request,
    ) -> impl Future<Output = Result<Self, Rejection>>;
}

/// The path's parameters: one value, a tuple in the order of the path, or a struct by name.
pub struct Path<T>(pub T);

/// How the values of the path become one Rust value.
pub struct PathPlan {
    shape: Shape,
    parameters: Vec<(String, Schema)>,
}

enum Shape {
    Single,
    Tuple,
    Struct,
}

impl<T: DeserializeOwned + JsonSchema + 'static> Argument for Path<T> {
    type Plan = PathPlan;

    fn plan(path: &Pattern) -> PathPlan {
        let schema = Schema::of::<T>();
        let (shape, schemas) = match &schema.kind {
            Kind::Tuple(items) => (Shape::Tuple, items.clone()),
            Kind::Model(model) => {
                let named = path.names().iter().map(|name| match model.fields.get(name) {
                    Some(field) => field.schema.clone(),
                    None => panic!("{} has no field `{name}` for the path", type_name::<T>()),
                });
                (Shape::Struct, named.collect())
            }
            _ => (Shape::Single, vec![schema]),
        };
        let (named, typed) = (path.names().len(), schemas.len());
        assert_eq!(named, typed, "`{}` names {named} parameters, not {typed}", path.template());
        PathPlan { shape, parameters: path.names().iter().cloned().zip(schemas).collect() }
    }

    fn describe(plan: &PathPlan, operation: &mut Operation) {
        for (name, schema) in &plan.parameters {
            let field = Field { schema: schema.clone(), required: true, default: None };
            operation.parameters.push(Parameter { place: Place::Path, name: name.clone(), field });
        }
    }

    async fn extract(plan: &PathPlan, request: &Request) -> Result<Self, Rejection> {
        let (mut values, mut errors) = (Vec::new(), Vec::new());
        for ((name, schema), text) in plan.parameters.iter().zip(request.path_values()) {
            match validate(schema, &Value::from(text.as_str()), &loc(Place::Path, name)) {
                Ok(value) => values.push((name.clone(), value)),
                Err(wrong) => errors.extend(wrong),
            }
        }
        if !errors.is_empty() {
            return Err(Rejection::Invalid(errors));
        }
        let value = match plan.shape {
            Shape::Struct => Value::Object(values.into_iter().collect()),
            Shape::Tuple => Value::Array(values.into_iter().map(|(_, value)| value).collect()),
            Shape::Single => values.pop().map_or(Value::Null, |(_, value)| value),
        };
        Ok(Self(from_value(&value)?))
    }
}

/// The query's parameters: a struct whose fields are the parameters.
pub struct Query<T>(pub T);

impl<T: DeserializeOwned + JsonSchema + 'static> Argument for Query<T> {
    type Plan = Vec<(String, Field)>;

    fn plan(_path: &Pattern) -> Self::Plan {
        match Schema::of::<T>().kind {
            Kind::Model(model) => model.fields.clone().into_iter().collect(),
            _ => panic!("{} must be a struct: its fields name the parameters", type_name::<T>()),
        }
    }

    fn describe(plan: &Self::Plan, operation: &mut Operation) {
        operation.parameters.extend(plan.iter().map(|(name, field)| Parameter {
            place: Place::Query,
            name: name.clone(),
            field: field.clone(),
        }));
    }

    async fn extract(plan: &Self::Plan, request: &Request) -> Result<Self, Rejection> {
        let find = |name: &str| request.query_value(name).map(str::to_owned);
        Ok(Self(from_value(&parameters(plan, Place::Query, find)?)?))
    }
}

/// Validates named text parameters; what is absent and optional is left for serde to fill in.
fn parameters(
    fields: &[(String, Field)],
    place: Place,
    find: impl Fn(&str) -> Option<String>,
) -> Result<Value, Rejection> {
    let (mut values, mut errors) = (Vec::new(), Vec::new());
    for (name, field) in fields {
        let loc = loc(place, name);
        match find(name) {
            Some(text) => match validate(&field.schema, &Value::String(text), &loc) {
                Ok(value) => values.push((name.clone(), value)),
                Err(wrong) => errors.extend(wrong),
            },
            None if field.required => {
                let (problem, input) = (Problem::Missing, Value::Null);
                errors.push(ValidationError { problem, loc, input });
            }
            None => {}
        }
    }
    if errors.is_empty() {
        Ok(Value::Object(values.into_iter().collect()))
    } else {
        Err(Rejection::Invalid(errors))
    }
}

fn loc(place: Place, name: &str) -> Vec<Step> {
    vec![Step::Name(place.name().to_owned()), Step::Name(name.to_owned())]
}

impl<T: DeserializeOwned + JsonSchema + 'static> Argument for Json<T> {
    type Plan = Schema;

    fn plan(_path: &Pattern) -> Schema {
        Schema::of::<T>()
    }

    fn describe(plan: &Schema, operation: &mut Operation) {
        operation.body = Some(plan.clone());
    }

    async fn extract(plan: &Schema, request: &Request) -> Result<Self, Rejection> {
        let loc = [Step::Name("body".to_owned())];
        match request.body() {
            Body::Value(value) => Ok(Self(accept(plan, value, &loc)?)),
            Body::Binary => Err(Rejection::Fault("the body is no text to be echoed".to_owned())),
            Body::Absent => Err(Rejection::Invalid(vec![ValidationError {
                problem: Problem::Missing,
                loc: loc.to_vec(),
                input: Value::Null,
            }])),
        }
    }
}

impl<T: Any + Send + Sync> Argument for State<T> {
    type Plan = ();

    fn plan(_path: &Pattern) {}

    fn describe((): &(), _operation: &mut Operation) {}

    async fn extract((): &(), request: &Request) -> Result<Self, Rejection> {
        let missing = || format!("no `Api::state` of type {} was given", type_name::<T>());
        request.state().map(State).ok_or_else(|| Rejection::Fault(missing()))
    }
}

impl Argument for Console {
    type Plan = ();

    fn plan(_path: &Pattern) {}

    fn describe((): &(), _operation: &mut Operation) {}

    async fn extract((): &(), request: &Request) -> Result<Self, Rejection> {
        Ok(request.console().clone())
    }
}
