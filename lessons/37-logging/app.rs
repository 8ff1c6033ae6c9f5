//! Logging: levels, the shape of a line, and an id that joins the lines of one request.

use std::fmt;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use time::OffsetDateTime;
use tracing::level_filters::LevelFilter;
use tracing::{Event, Instrument, Subscriber, debug, error, error_span, info, warn};
use tracing_subscriber::filter::Targets;
use tracing_subscriber::fmt::format::{FormatFields, Writer, debug_fn};
use tracing_subscriber::fmt::{FmtContext, FormatEvent, FormattedFields, layer};
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::registry::{LookupSpan, SpanRef};
use tracing_subscriber::{Registry, registry, reload};
use uuid::Uuid;

use crate::fastapi::middleware::{
    Error, HeaderName, HeaderValue, Next, ServiceRequest, ServiceResponse, url_path,
};
use crate::fastapi::{
    Api, BackgroundTasks, Console, Fault, HttpException, Json, Query, State, StatusCode, blocking,
    get, post, put,
};

// ANCHOR: app
/// A logger of its own for each server: what is shown from which level on can be changed.
pub fn app() -> Api {
    let (filter, level) = reload::Layer::new(from(LevelFilter::INFO));
    Api::new()
        .state(level)
        .subscriber(|console| {
            let value_only = debug_fn(|writer, _, value| write!(writer, "{value:?}"));
            let lines = layer().event_format(Line).fmt_fields(value_only).with_writer(console);
            registry().with(filter).with(lines)
        })
        .route("/messages", get(log_messages))
        .route("/orders", post(blocking(place_order)).status(StatusCode::CREATED))
        .route("/level", put(set_level))
        .route("/search", get(blocking(search)))
        .route("/crash", get(blocking(crash)))
        .middleware(log_requests)
}

/// Lets through what this module logs from a level on, and nothing of other crates.
fn from(level: LevelFilter) -> Targets {
    Targets::new().with_target(module_path!(), level)
}
// ANCHOR_END: app

// ANCHOR: format
/// `time - level - [id] message`, with the level's name in Python.
struct Line;

impl<S, F> FormatEvent<S, F> for Line
where
    S: Subscriber + for<'a> LookupSpan<'a>,
    F: for<'a> FormatFields<'a> + 'static,
{
    fn format_event(
        &self,
        context: &FmtContext<'_, S, F>,
        mut writer: Writer<'_>,
        event: &Event<'_>,
    ) -> fmt::Result {
        let now = OffsetDateTime::now_utc();
        let (date, (hour, minute, second)) = (now.date(), now.to_hms());
        let level = event.metadata().level().as_str().replace("WARN", "WARNING");
        let span = context.lookup_current();
        let fields = span.as_ref().map(SpanRef::extensions);
        let id = fields.as_ref().and_then(|fields| fields.get::<FormattedFields<F>>());
        let id = id.map_or("-", |id| id.fields.as_str());
        write!(writer, "{date} {hour:02}:{minute:02}:{second:02} - {level} - [{id}] ")?;
        context.format_fields(writer.by_ref(), event)?;
        writeln!(writer)
    }
}
// ANCHOR_END: format

// ANCHOR: middleware
async fn log_requests(
    _: Console,
    request: ServiceRequest,
    next: Next,
) -> Result<ServiceResponse, Error> {
    let id = request_id(&request);
    let line = format!("{} {}", request.method(), url_path(&request));
    // The span has the highest level, so that it is there whatever the filter lets through.
    let span = error_span!("request", %id);
    let answering = async {
        let answered = next.call(request).await;
        match answered.as_ref().map(|response| response.status().as_u16()) {
            Ok(status) if status < 400 => info!("{line} {status}"),
            Ok(status) => warn!("{line} {status}"),
            Err(error) => error!("{line} failed: {error}"),
        }
        answered
    };
    let mut response = answering.instrument(span).await?;
    let id = HeaderValue::from_str(&id).expect("an id has letters, digits and dashes");
    response.headers_mut().insert(HeaderName::from_static(X_REQUEST_ID), id);
    Ok(response)
}

/// The id that came with the request, if it looks like one, or a new one.
fn request_id(request: &ServiceRequest) -> String {
    let sent = request.headers().get(X_REQUEST_ID).and_then(|id| id.to_str().ok());
    let fine = |id: &&str| {
        (1..=36).contains(&id.len()) && id.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
    };
    sent.filter(fine).map_or_else(|| Uuid::new_v4().to_string(), str::to_owned)
}
// ANCHOR_END: middleware

// ANCHOR: handlers
async fn log_messages() {
    info!("Info message");
    debug!("Debug message");
}

fn place_order(Json(order): Json<Order>, tasks: BackgroundTasks) -> Result<(), HttpException> {
    if let Err(OutOfStock(error)) = take_from_stock(order.quantity) {
        warn!("Order refused: {error}");
        return Err(HttpException::new(StatusCode::CONFLICT, "Out of stock"));
    }
    info!("Order placed");
    tasks.add_task(async { info!("Mail sent") });
    Ok(())
}
// ANCHOR_END: handlers

async fn set_level(
    Json(new): Json<NewLevel>,
    filter: State<reload::Handle<Targets, Registry>>,
) -> Result<(), Fault> {
    let level = match new.level {
        Level::Debug => LevelFilter::DEBUG,
        Level::Info => LevelFilter::INFO,
        Level::Warning => LevelFilter::WARN,
        Level::Error => LevelFilter::ERROR,
    };
    filter.reload(from(level)).map_err(|error| Fault(error.to_string()))
}

fn search(Query(Search { q }): Query<Search>) -> Json<Found> {
    info!("Searching for {q}");
    Json(Found { found: 0 })
}

fn crash() -> Fault {
    Fault("the printer is on fire".to_owned())
}

const X_REQUEST_ID: &str = "x-request-id";

fn take_from_stock(quantity: i64) -> Result<(), OutOfStock> {
    debug!("{quantity} wanted");
    if quantity > 3 { Err(OutOfStock(format!("{quantity} wanted, 3 there"))) } else { Ok(()) }
}

struct OutOfStock(String);

#[derive(Deserialize, JsonSchema)]
struct NewLevel {
    level: Level,
}

#[derive(Deserialize, JsonSchema)]
#[serde(rename_all = "UPPERCASE")]
enum Level {
    Debug,
    Info,
    Warning,
    Error,
}

#[derive(Deserialize, JsonSchema)]
struct Order {
    #[schemars(range(min = 1, max = 100))]
    quantity: i64,
}

#[derive(Deserialize, JsonSchema)]
struct Search {
    q: String,
}

#[derive(Serialize)]
struct Found {
    found: i64,
}
