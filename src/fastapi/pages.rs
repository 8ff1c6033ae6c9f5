//! The pages that show an API's document: Swagger UI, its OAuth2 redirect, ReDoc.
//!
//! Byte for byte the pages that FastAPI 0.165.0 (MIT licence) serves; they load their scripts
//! from a CDN, so a browser without a network shows an empty page where FastAPI's would too.

/// Swagger UI for the document at this URL.
pub fn swagger(title: &str, openapi_url: &str, oauth2_redirect_url: &str) -> String {
    include_str!("pages/swagger.html")
        .replace("{title}", title)
        .replace("{openapi_url}", openapi_url)
        .replace("{oauth2_redirect_url}", oauth2_redirect_url)
}

/// Where Swagger UI ends an OAuth2 login.
pub fn oauth2_redirect() -> String {
    include_str!("pages/oauth2-redirect.html").to_owned()
}

/// ReDoc for the document at this URL.
pub fn redoc(title: &str, openapi_url: &str) -> String {
    include_str!("pages/redoc.html").replace("{title}", title).replace("{openapi_url}", openapi_url)
}
