//! Routes: a path, a method, a handler, and what OpenAPI says about them.

use actix_web::http::{Method, StatusCode};
use actix_web::web::Payload;
use actix_web::{HttpRequest, HttpResponse};
use schemars::JsonSchema;

use super::argument::Turn;
use super::body::{self, Body, BodyError};
use super::depends::Dependency;
use super::form;
use super::handler::{Endpoint, Handler, Planned};
use super::openapi::Operation;
use super::pattern::Pattern;
use super::reply::{self, Fault, Finish, IntoReply};
use super::request::Request;
use super::request_body::RequestBody;
use super::requirement::{self, Required, Requirement};
use super::response::ResponseClass;
use super::router::Shared;
use super::schema::Schema;
use super::service::Host;

/// A method and its handler, before they are given a path; made by [`get`] and its kin.
pub struct Route {
    method: Method,
    operation: Operation,
    exclude_unset: bool,
    by_name: bool,
    requirements: Vec<Requirement>,
    is_socket: bool,
    bind: Box<Bind>,
}

type Bind = dyn FnOnce(&Pattern) -> Box<dyn Endpoint>;

/// What a declared route or directory answers to.
#[derive(Clone, Debug)]
pub struct Declared {
    /// The method in upper case, WEBSOCKET for a socket; `None` for a directory, which answers to
    /// all.
    pub method: Option<String>,
    /// Its paths.
    pub pattern: Pattern,
    /// The handler's name; empty for a directory.
    pub name: String,
}

/// A route with its path and planned arguments.
pub(super) struct BoundRoute {
    pub pattern: Pattern,
    pub method: Method,
    pub is_socket: bool,
    pub finish: Finish,
    pub required: Vec<Box<dyn Required>>,
    pub endpoint: Box<dyn Endpoint>,
    pub operation: Operation,
}

macro_rules! methods {
    ($($(#[$doc:meta])* $name:ident: $method:ident),*) => {
        $($(#[$doc])*
        pub fn $name<Arguments: 'static>(handler: impl Handler<Arguments>) -> Route {
            Route::new(Method::$method, stringify!($name), handler)
        })*
    };
}

methods! {
    /// A route for GET. As in FastAPI it does not answer HEAD.
    get: GET,
    /// A route for POST.
    post: POST,
    /// A route for PUT.
    put: PUT,
    /// A route for PATCH.
    patch: PATCH,
    /// A route for DELETE.
    delete: DELETE
}

/// A route for WebSockets. A plain request does not find it, and OpenAPI does not list it.
pub fn websocket<Arguments: 'static>(handler: impl Handler<Arguments>) -> Route {
    Route { is_socket: true, ..Route::new(Method::GET, "get", handler) }
}

impl Route {
    fn new<H, Arguments>(method: Method, lower_case: &'static str, handler: H) -> Self
    where
        H: Handler<Arguments>,
        Arguments: 'static,
    {
        let operation = Operation {
            name: H::name().to_owned(),
            tags: Vec::new(),
            summary: None,
            method: lower_case,
            path: String::new(),
            status: StatusCode::OK.as_u16(),
            description: None,
            securities: Vec::new(),
            parameters: Vec::new(),
            body: None,
            response_model: None,
            response_description: "Successful Response".to_owned(),
            response_media_type: None,
            responses: Vec::new(),
            deprecated: false,
        };
        let bind = |path: &Pattern| -> Box<dyn Endpoint> { Box::new(Planned::new(handler, path)) };
        Self {
            method,
            operation,
            exclude_unset: false,
            by_name: false,
            is_socket: false,
            requirements: Vec::new(),
            bind: Box::new(bind),
        }
    }

    /// The status of a successful reply, instead of 200.
    pub fn status(mut self, status: StatusCode) -> Self {
        self.operation.status = status.as_u16();
        self
    }

    /// What a successful reply is: it is validated, filtered and documented as this type.
    pub fn response_model<T: JsonSchema>(mut self) -> Self {
        self.operation.response_model = Some(Schema::of::<T>());
        self
    }

    /// Leaves fields out of the reply that the handler has not set.
    pub fn response_model_exclude_unset(mut self) -> Self {
        self.exclude_unset = true;
        self
    }

    /// Gives fields the names that they have in the program, not their aliases: pydantic's
    /// `by_alias=False`.
    pub fn response_model_by_name(mut self) -> Self {
        self.by_name = true;
        self
    }

    /// Requires a dependency whose value the handler does not take. Those of the routers come
    /// before it, those that the handler takes after it.
    pub fn depends<T: Dependency>(mut self) -> Self {
        self.requirements.push(Requirement::of::<T>());
        self
    }

    /// A reply of another status that the OpenAPI document is to name.
    pub fn response(mut self, status: StatusCode, description: &str) -> Self {
        self.operation.responses.push((status.as_u16(), description.to_owned()));
        self
    }

    /// Says in the OpenAPI document that the route should not be used any more.
    pub fn deprecated(mut self) -> Self {
        self.operation.deprecated = true;
        self
    }

    /// What the OpenAPI document says of a successful reply that is no JSON.
    pub fn response_class<T: ResponseClass>(mut self) -> Self {
        self.operation.response_media_type = Some(T::MEDIA_TYPE);
        self
    }

    /// A sentence about a successful reply in the OpenAPI document.
    pub fn response_description(mut self, text: &str) -> Self {
        text.clone_into(&mut self.operation.response_description);
        self
    }

    /// The operation's title in the OpenAPI document, instead of the handler's name.
    pub fn summary(mut self, text: &str) -> Self {
        self.operation.summary = Some(text.to_owned());
        self
    }

    /// Lists the operation under these headings, after those of its routers.
    pub fn tags<const N: usize>(mut self, tags: [&str; N]) -> Self {
        self.operation.tags.extend(tags.map(str::to_owned));
        self
    }

    /// The same as one of several routes that share something.
    pub(super) fn below(mut self, shared: &Shared) -> Self {
        self.operation.tags.splice(0..0, shared.tags.iter().cloned());
        self.operation.responses.splice(0..0, shared.responses.iter().cloned());
        self.operation.deprecated |= shared.deprecated;
        self.requirements.splice(0..0, shared.requirements.iter().copied());
        self
    }

    /// The operation's longer text in the OpenAPI document, a handler's docstring in Python.
    pub fn description(mut self, text: &str) -> Self {
        self.operation.description = Some(text.to_owned());
        self
    }

    pub(super) fn bind(self, path: &str) -> BoundRoute {
        let pattern = Pattern::new(path);
        let mut operation = self.operation;
        let endpoint = (self.bind)(&pattern);
        pattern.template().clone_into(&mut operation.path);
        let required: Vec<_> = self.requirements.iter().map(|one| one.plan(&pattern)).collect();
        endpoint.describe(Turn::Own, &mut operation);
        for one in &required {
            one.describe(&mut operation);
        }
        endpoint.describe(Turn::Dependency, &mut operation);
        let finish = Finish {
            status: StatusCode::from_u16(operation.status).unwrap_or(StatusCode::OK),
            response_model: operation.response_model.clone(),
            exclude_unset: self.exclude_unset,
            by_name: self.by_name,
        };
        let Self { method, is_socket, .. } = self;
        BoundRoute { pattern, method, is_socket, finish, required, endpoint, operation }
    }
}

impl BoundRoute {
    /// Answers a request whose path has these values.
    pub async fn answer(
        &self,
        http: &HttpRequest,
        path_values: Vec<String>,
        payload: Payload,
        host: &Host,
    ) -> Result<HttpResponse, Fault> {
        let (body, unread) = match &self.operation.body {
            Some(RequestBody::Json(_)) => (body::read(http, payload).await, None),
            Some(RequestBody::Form(_)) => {
                let form = form::read(http, payload).await.map(Body::Form);
                (form.map_err(BodyError::Abort), None)
            }
            None => (Ok(Body::Absent), Some(payload)),
        };
        match body {
            Ok(body) => {
                let request = Request::new(http, path_values, body, host).unread(unread);
                let answering = async {
                    let reply = match requirement::meet(&self.required, &request).await {
                        Ok(wrong) => self.endpoint.answer(&request, wrong).await?,
                        Err(rejection) => rejection.into_reply()?,
                    };
                    self.finish.reply(reply, &request).await
                };
                match request.releases().around(answering).await {
                    Ok(reply) => Ok(request.follow(reply)),
                    Err(failure) => failure.into_reply(),
                }
            }
            Err(BodyError::Abort(exception)) => exception.reply(),
            Err(BodyError::Invalid(error)) => reply::invalid(&[error]),
        }
    }
}
