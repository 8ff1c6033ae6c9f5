//! What a handler may ask for: one type an argument, each of which describes itself.
//!
//! An argument is planned once, when its route is added, and extracted on each request. It either
//! aborts with an [`HttpException`] or yields validation errors; those of all arguments are
//! collected before the handler's wrapper answers, as FastAPI does.

use std::any::{Any, type_name};

use schemars::JsonSchema;
use serde::de::DeserializeOwned;

use super::accept::{Unacceptable, accept};
use super::background::BackgroundTasks;
use super::body::Body;
use super::console::Console;
use super::error::{HttpException, Problem, Step, ValidationError};
use super::openapi::{Operation, Parameter, Place};
use super::pattern::Pattern;
use super::reply::Json;
use super::request::Request;
use super::request_body::RequestBody;
use super::response_headers::ResponseHeaders;
use super::schema::{Field, Kind, Schema};
use super::state::State;
use super::value::Value;

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

impl From<Unacceptable> for Rejection {
    fn from(reason: Unacceptable) -> Self {
        match reason {
            Unacceptable::Invalid(errors) => Self::Invalid(errors),
            Unacceptable::Fault(fault) => Self::Fault(fault.to_string()),
        }
    }
}

/// When an argument is extracted: all dependencies are, before anything else.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Turn {
    /// First.
    Dependency,
    /// Once all dependencies are there.
    Own,
}

/// A type that a handler can have as an argument.
pub trait Argument: Sized + 'static {
    /// What is worked out once for each route.
    type Plan: Send + Sync + 'static;

    /// When it is extracted.
    const TURN: Turn = Turn::Own;

    /// Works it out for a route with this path.
    fn plan(path: &Pattern) -> Self::Plan;

    /// Adds the argument to the route's OpenAPI operation.
    fn describe(plan: &Self::Plan, operation: &mut Operation);

    /// The same, only for what is extracted at this turn.
    fn describe_turn(plan: &Self::Plan, turn: Turn, operation: &mut Operation) {
        if Self::TURN == turn {
            Self::describe(plan, operation);
        }
    }

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
    names: Vec<String>,
    schema: Schema,
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
        let names = path.names().to_vec();
        let (shape, typed) = match &schema.kind {
            Kind::Tuple(items) => (Shape::Tuple, items.len()),
            Kind::Model(model) => {
                let unnamed = model.fields.keys().find(|field| !names.contains(field));
                assert_eq!(unnamed, None, "`{}` does not name a parameter", path.template());
                (Shape::Struct, model.fields.len())
            }
            _ => (Shape::Single, 1),
        };
        let count = names.len();
        assert_eq!(count, typed, "`{}` names {count} parameters, not {typed}", path.template());
        PathPlan { shape, names, schema }
    }

    fn describe(plan: &PathPlan, operation: &mut Operation) {
        let schemas = match &plan.schema.kind {
            Kind::Tuple(items) => items.clone(),
            Kind::Model(model) => {
                plan.names.iter().map(|name| model.fields[name].schema.clone()).collect()
            }
            _ => vec![plan.schema.clone()],
        };
        for (name, schema) in plan.names.iter().zip(schemas) {
            let field = Field { schema, required: true, default: None, name: None };
            operation.add_parameter(Parameter { place: Place::Path, name: name.clone(), field });
        }
    }

    async fn extract(plan: &PathPlan, request: &Request) -> Result<Self, Rejection> {
        let mut values = request.path_values().iter().map(|text| Value::from(text.as_str()));
        let mut loc = vec![Step::Name(Place::Path.name().to_owned())];
        let input = match plan.shape {
            Shape::Struct => Value::Object(plan.names.iter().cloned().zip(values).collect()),
            Shape::Tuple => Value::Array(values.collect()),
            Shape::Single => {
                loc.extend(plan.names.iter().cloned().map(Step::Name));
                values.next_back().unwrap_or(Value::Null)
            }
        };
        let accepted = accept(&plan.schema, &input, &loc).map_err(|reason| {
            reason.each(|row| {
                if let Some(Step::Index(index)) = row.loc.get(1) {
                    row.loc[1] = Step::Name(plan.names[*index].clone());
                }
            })
        });
        Ok(Self(accepted?))
    }
}

/// The query's parameters: a struct whose fields are the parameters.
pub struct Query<T>(pub T);

/// The request's headers: a struct whose fields are the headers, dashes written as underscores.
pub struct Header<T>(pub T);

/// The request's cookies: a struct whose fields are the cookies.
pub struct Cookie<T>(pub T);

macro_rules! named_parameters {
    ($($argument:ident),*) => {
        $(impl<T: DeserializeOwned + JsonSchema + 'static> Argument for $argument<T> {
            type Plan = Parameters;

            fn plan(_path: &Pattern) -> Parameters {
                Parameters::plan::<T>(Place::$argument)
            }

            fn describe(plan: &Parameters, operation: &mut Operation) {
                plan.describe(operation);
            }

            async fn extract(plan: &Parameters, request: &Request) -> Result<Self, Rejection> {
                plan.extract(request).map(Self)
            }
        })*
    };
}

named_parameters!(Query, Header, Cookie);

/// Parameters that a request names, planned.
pub struct Parameters {
    place: Place,
    /// A struct of the parameters, by the names of its fields in Rust.
    schema: Schema,
}

impl Parameters {
    fn plan<T: JsonSchema>(place: Place) -> Self {
        let schema = Schema::of::<T>();
        let is_struct = matches!(schema.kind, Kind::Model(_));
        assert!(is_struct, "{} must be a struct: its fields are parameters", type_name::<T>());
        Self { place, schema }
    }

    fn fields(&self) -> impl Iterator<Item = (&String, &Field)> {
        let model = match &self.schema.kind {
            Kind::Model(model) => Some(model),
            _ => None,
        };
        model.into_iter().flat_map(|model| &model.fields)
    }

    fn describe(&self, operation: &mut Operation) {
        for (name, field) in self.fields() {
            let (place, name) = (self.place, self.place.on_the_wire(name));
            operation.add_parameter(Parameter { place, name, field: field.clone() });
        }
    }

    fn extract<T: DeserializeOwned>(&self, request: &Request) -> Result<T, Rejection> {
        let given = self.fields().filter_map(|(name, field)| {
            let found = request.values(self.place, &self.place.on_the_wire(name));
            Some((name.clone(), one_or_all(&field.schema, self.place, found)?))
        });
        let loc = [Step::Name(self.place.name().to_owned())];
        let accepted = accept(&self.schema, &Value::Object(given.collect()), &loc);
        Ok(accepted.map_err(|reason| {
            reason.each(|row| {
                if let [_, Step::Name(name)] = row.loc.as_mut_slice() {
                    *name = self.place.on_the_wire(name);
                }
                if row.problem == Problem::Missing && row.loc.len() == 2 {
                    row.input = Value::Null;
                }
            })
        })?)
    }
}

/// A list takes all values of its name; anything else the first of a header, the last elsewhere.
fn one_or_all(schema: &Schema, place: Place, mut found: Vec<String>) -> Option<Value> {
    let is_list = |kind: &Kind| matches!(kind, Kind::List(_));
    let list = match &schema.kind {
        Kind::Nullable(inner) => is_list(&inner.kind),
        kind => is_list(kind),
    };
    match place {
        _ if found.is_empty() => None,
        _ if list => Some(Value::Array(found.into_iter().map(Value::String).collect())),
        Place::Header => Some(Value::String(found.swap_remove(0))),
        _ => found.pop().map(Value::String),
    }
}

impl<T: DeserializeOwned + JsonSchema + 'static> Argument for Json<T> {
    type Plan = Schema;

    fn plan(_path: &Pattern) -> Schema {
        Schema::of::<T>()
    }

    fn describe(plan: &Schema, operation: &mut Operation) {
        operation.body = Some(RequestBody::Json(plan.clone()));
    }

    async fn extract(plan: &Schema, request: &Request) -> Result<Self, Rejection> {
        let loc = [Step::Name("body".to_owned())];
        match request.body() {
            Body::Value(value) => Ok(Self(accept(plan, value, &loc)?)),
            Body::Binary => Err(Rejection::Fault("the body is no text to be echoed".to_owned())),
            Body::Absent | Body::Form(_) => Err(Rejection::Invalid(vec![ValidationError {
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

/// Arguments that every request has and the document does not mention.
macro_rules! ambient {
    ($($argument:ty: $of:ident),*) => {
        $(impl Argument for $argument {
            type Plan = ();

            fn plan(_path: &Pattern) {}

            fn describe((): &(), _operation: &mut Operation) {}

            async fn extract((): &(), request: &Request) -> Result<Self, Rejection> {
                Ok(request.$of().clone())
            }
        })*
    };
}

ambient!(
    Console: console,
    ResponseHeaders: response_headers,
    BackgroundTasks: background_tasks
);
