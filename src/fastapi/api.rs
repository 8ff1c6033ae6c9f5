//! [`Api`]: an application as its author declares it, FastAPI's `app = FastAPI(…)`.
//!
//! It collects routes, state and metadata, and does nothing until `server` runs it.

use std::any::Any;

use super::openapi::{Contact, Info, License, Operation, document};
use super::pages;
use super::reply::{html, json_reply};
use super::route::{BoundRoute, Route};
use super::service::{Page, Service};
use super::state::States;
use super::value::Value;

/// An application: routes, state and what its documentation says.
pub struct Api {
    info: Info,
    docs: Docs,
    routes: Vec<BoundRoute>,
    states: States,
}

/// Where the generated documentation is served; `None` switches a page off.
#[allow(clippy::struct_field_names, reason = "these are FastAPI's words")]
struct Docs {
    openapi_url: Option<String>,
    docs_url: Option<String>,
    redoc_url: Option<String>,
}

impl Default for Api {
    fn default() -> Self {
        Self::new()
    }
}

impl Api {
    /// An application without routes, with FastAPI's defaults: title `FastAPI`, version `0.1.0`,
    /// documentation at `/openapi.json`, `/docs` and `/redoc`.
    pub fn new() -> Self {
        let info = Info {
            title: "FastAPI".to_owned(),
            description: None,
            terms_of_service: None,
            contact: None,
            license: None,
            version: "0.1.0".to_owned(),
        };
        let docs = Docs {
            openapi_url: Some("/openapi.json".to_owned()),
            docs_url: Some("/docs".to_owned()),
            redoc_url: Some("/redoc".to_owned()),
        };
        Self { info, docs, routes: Vec::new(), states: States::default() }
    }

    /// Sets the title.
    pub fn title(mut self, title: &str) -> Self {
        title.clone_into(&mut self.info.title);
        self
    }

    /// Sets the description, Markdown kept to the last blank.
    pub fn description(mut self, description: &str) -> Self {
        self.info.description = Some(description.to_owned());
        self
    }

    /// Sets the API's own version.
    pub fn version(mut self, version: &str) -> Self {
        version.clone_into(&mut self.info.version);
        self
    }

    /// Sets the URL of the terms of service.
    pub fn terms_of_service(mut self, url: &str) -> Self {
        self.info.terms_of_service = Some(url.to_owned());
        self
    }

    /// Sets whom to ask.
    pub fn contact(mut self, contact: Contact) -> Self {
        self.info.contact = Some(contact);
        self
    }

    /// Sets the licence.
    pub fn license(mut self, license: License) -> Self {
        self.info.license = Some(license);
        self
    }

    /// Sets where the OpenAPI document is; `None` switches all documentation off.
    pub fn openapi_url(mut self, url: Option<&str>) -> Self {
        self.docs.openapi_url = url.map(str::to_owned);
        self
    }

    /// Sets where Swagger UI is; `None` switches it off.
    pub fn docs_url(mut self, url: Option<&str>) -> Self {
        self.docs.docs_url = url.map(str::to_owned);
        self
    }

    /// Sets where ReDoc is; `None` switches it off.
    pub fn redoc_url(mut self, url: Option<&str>) -> Self {
        self.docs.redoc_url = url.map(str::to_owned);
        self
    }

    /// Shares a value with all handlers that ask for `State<T>`; one value a type.
    pub fn state<T: Any + Send + Sync>(mut self, state: T) -> Self {
        self.states.insert(state);
        self
    }

    /// Adds a route. Of several that match a request, the first one answers.
    ///
    /// # Panics
    ///
    /// If the path is malformed or the handler's arguments do not fit it.
    pub fn route(mut self, path: &str, route: Route) -> Self {
        self.routes.push(route.bind(path));
        self
    }

    /// Makes the application ready to answer.
    pub(super) fn into_service(self) -> Service {
        let pages = self.pages();
        Service::new(pages, self.routes, self.states)
    }

    fn pages(&self) -> Vec<Page> {
        let Some(openapi_url) = &self.docs.openapi_url else { return Vec::new() };
        let operations: Vec<Operation> =
            self.routes.iter().map(|route| route.operation.clone()).collect();
        let document = Value::from(&document(&self.info, &operations));
        let title = self.info.title.clone();
        let mut pages = vec![Page::new(openapi_url, move |status| json_reply(status, &document))];
        if let Some(url) = &self.docs.docs_url {
            let redirect_url = "/docs/oauth2-redirect";
            let page = pages::swagger(&title, openapi_url, redirect_url);
            pages.push(Page::new(url, move |_| Ok(html(page.clone()))));
            pages.push(Page::new(redirect_url, |_| Ok(html(pages::oauth2_redirect()))));
        }
        if let Some(url) = &self.docs.redoc_url {
            let page = pages::redoc(&title, openapi_url);
            pages.push(Page::new(url, move |_| Ok(html(page.clone()))));
        }
        pages
    }
}
