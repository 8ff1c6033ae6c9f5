//! What is done when a request is over. The order of the lines was seen on FastAPI 0.165.0, with
//! dependencies that print before and behind their `yield`; `replied` stands where the end of the
//! reply is sent.

use std::future::pending;
use std::io::Write;
use std::net::TcpStream;

use futures_util::FutureExt;
use schemars::JsonSchema;
use serde::Deserialize;
use workbook::fastapi::middleware::{Error, Next, ServiceRequest, ServiceResponse};
use workbook::fastapi::{
    Api, BackgroundTasks, Console, Dependency, Depends, Fault, HttpException, Json, Outcome, Query,
    Response, Scope, StatusCode, blocking, get,
};

use super::served::Served;

/// A dependency that prints when it is made and when it is released, and ends as its kind says.
#[derive(Clone)]
struct Yields<const NAME: char, const EARLY: bool>(Console);

/// Lives until the reply has been sent.
type Late<const NAME: char> = Depends<Yields<NAME, false>>;

/// Lives until the handler has returned.
type Early<const NAME: char> = Depends<Yields<NAME, true>>;

impl<const NAME: char, const EARLY: bool> Dependency for Yields<NAME, EARLY> {
    type Needs = Console;

    const SCOPE: Scope = if EARLY { Scope::Function } else { Scope::Request };

    async fn resolve(console: Console) -> Result<Self, HttpException> {
        console.print(format!("{NAME} enter"));
        Ok(Self(console))
    }

    async fn release(self, outcome: Outcome) -> Result<(), HttpException> {
        self.0.print(format!("{NAME} {outcome:?}"));
        match (NAME, outcome) {
            // Turns every exception into another one.
            ('e', Outcome::Failed) => Err(HttpException::new(StatusCode::CONFLICT, "converted")),
            // Cannot end well.
            ('x', _) => Err(HttpException::new(StatusCode::CONFLICT, "exit fails")),
            ('y', _) => Err(Fault("exit booms".to_owned()).into()),
            ('z', _) => panic!("exit panics"),
            _ => Ok(()),
        }
    }
}

/// Is made of another dependency.
#[derive(Clone)]
struct Sub(Console);

impl Dependency for Sub {
    type Needs = (Late<'b'>, Console);

    async fn resolve((_, console): Self::Needs) -> Result<Self, HttpException> {
        console.print("c enter");
        Ok(Self(console))
    }

    async fn release(self, outcome: Outcome) -> Result<(), HttpException> {
        self.0.print(format!("c {outcome:?}"));
        Ok(())
    }
}

/// Cannot be made.
#[derive(Clone)]
struct Refuses;

impl Dependency for Refuses {
    type Needs = Console;

    async fn resolve(console: Console) -> Result<Self, HttpException> {
        console.print("refuses");
        Err(HttpException::new(StatusCode::FORBIDDEN, "refused"))
    }
}

#[derive(Deserialize, JsonSchema)]
struct N {
    #[allow(dead_code, reason = "only its absence is of interest")]
    n: i64,
}

fn scheduled(tasks: &BackgroundTasks, console: Console) {
    tasks.add_task(async move { console.print("task") });
}

fn not_found() -> HttpException {
    HttpException::new(StatusCode::NOT_FOUND, "no")
}

async fn ok(_: Late<'a'>, _: Early<'f'>, _: Late<'b'>, _: Early<'g'>, out: Console) {
    out.print("handler");
}

async fn sub(_: Depends<Sub>, _: Late<'a'>, _: Late<'b'>) {}

async fn task(_: Late<'a'>, _: Early<'f'>, tasks: BackgroundTasks, out: Console) {
    scheduled(&tasks, out);
}

async fn task_fails(_: Late<'a'>, tasks: BackgroundTasks) {
    tasks.add_blocking_task(|| panic!("task fails"));
}

async fn raises(
    _: Late<'a'>,
    _: Early<'f'>,
    tasks: BackgroundTasks,
    out: Console,
) -> HttpException {
    scheduled(&tasks, out);
    not_found()
}

async fn boom(_: Late<'a'>, _: Early<'f'>) -> Fault {
    Fault("boom".to_owned())
}

fn panics(_: Late<'a'>, _: Early<'f'>) {
    panic!("boom")
}

async fn returned_error(_: Late<'a'>, _: Early<'f'>) -> Response {
    Response::new("x").status(StatusCode::BAD_REQUEST)
}

async fn invalid(_: Late<'a'>, _: Early<'f'>, _: Query<N>) {}

async fn refused(_: Late<'a'>, _: Early<'f'>, _: Depends<Refuses>, _: Late<'b'>) {}

async fn bad_model(_: Late<'a'>, _: Early<'f'>) -> Json<&'static str> {
    Json("no")
}

async fn convert_late(_: Late<'a'>, _: Late<'e'>, _: Early<'f'>) -> HttpException {
    not_found()
}

async fn convert_early(_: Late<'a'>, _: Early<'f'>, _: Early<'e'>) -> HttpException {
    not_found()
}

async fn fails_late(_: Late<'a'>, _: Late<'x'>, tasks: BackgroundTasks, out: Console) {
    scheduled(&tasks, out);
}

async fn fails_early(
    _: Late<'a'>,
    _: Early<'f'>,
    _: Early<'x'>,
    tasks: BackgroundTasks,
    out: Console,
) {
    scheduled(&tasks, out);
}

async fn booms_late(_: Late<'a'>, _: Late<'y'>) {}

async fn booms_early(_: Late<'a'>, _: Early<'y'>) {}

async fn panics_late(_: Late<'a'>, _: Late<'z'>) {}

async fn panics_early(_: Late<'a'>, _: Early<'z'>) {}

async fn both(_: Late<'a'>, _: Early<'a'>) {}

async fn never(_: Late<'a'>, _: Early<'f'>, out: Console) {
    out.print("handler");
    pending::<()>().await;
}

fn app() -> Api {
    Api::new()
        .route("/ok", get(ok))
        .route("/sub", get(sub))
        .route("/task", get(task))
        .route("/task-fails", get(task_fails))
        .route("/raises", get(raises))
        .route("/boom", get(boom))
        .route("/panics", get(blocking(panics)))
        .route("/returned-error", get(returned_error))
        .route("/invalid", get(invalid))
        .route("/refused", get(refused))
        .route("/bad-model", get(bad_model).response_model::<N>())
        .route("/convert-late", get(convert_late))
        .route("/convert-early", get(convert_early))
        .route("/fails-late", get(fails_late))
        .route("/fails-early", get(fails_early))
        .route("/booms-late", get(booms_late))
        .route("/booms-early", get(booms_early))
        .route("/panics-late", get(panics_late))
        .route("/panics-early", get(panics_early))
        .route("/both", get(both))
        .route("/never", get(never))
}

/// Calls a path; the lines are one text, separated by commas.
async fn check(rows: &[(&str, u16, &str, &str)]) {
    for (target, status, body, lines) in rows {
        let served = Served::start(app());
        assert_eq!(served.body(target).await, (*status, (*body).to_owned()), "{target}");
        assert_eq!(served.printed().await.join(", "), *lines, "{target}");
    }
}

const BARE: &str = "Internal Server Error";
const CONVERTED: &str = r#"{"detail":"converted"}"#;
const EXIT_FAILS: &str = r#"{"detail":"exit fails"}"#;

#[tokio::test]
async fn the_last_made_is_released_first_and_early_ones_before_the_reply() {
    check(&[
        (
            "/ok",
            200,
            "null",
            "a enter, f enter, b enter, g enter, handler, g Returned, f Returned, replied, \
             b Returned, a Returned",
        ),
        (
            "/sub",
            200,
            "null",
            "b enter, c enter, a enter, replied, a Returned, c Returned, b Returned",
        ),
        ("/task", 200, "null", "a enter, f enter, f Returned, replied, task, a Returned"),
        ("/both", 200, "null", "a enter, a enter, a Returned, replied, a Returned"),
        ("/returned-error", 400, "x", "a enter, f enter, f Returned, replied, a Returned"),
    ])
    .await;
}

#[tokio::test]
async fn a_failure_is_told_to_all_before_its_reply() {
    let two = |end: &str| format!("a enter, f enter, f Failed, a Failed, {end}");
    let missing = r#"{"detail":[{"type":"missing","loc":["query","n"],"msg":"Field required","input":null}]}"#;
    check(&[
        ("/raises", 404, r#"{"detail":"no"}"#, &two("replied")),
        ("/boom", 500, BARE, &two("fault: boom")),
        ("/panics", 500, BARE, &two("panic: boom")),
        ("/invalid", 422, missing, &two("replied")),
        (
            "/refused",
            403,
            r#"{"detail":"refused"}"#,
            "a enter, f enter, refuses, f Failed, a Failed, replied",
        ),
    ])
    .await;
}

#[tokio::test]
async fn a_reply_that_does_not_fit_its_model_is_a_failure() {
    let served = Served::start(app());
    assert_eq!(served.body("/bad-model").await, (500, BARE.to_owned()));
    assert_eq!(served.printed().await[..4], ["a enter", "f enter", "f Failed", "a Failed"]);
}

#[tokio::test]
async fn a_release_may_turn_one_exception_into_another() {
    check(&[
        (
            "/convert-late",
            409,
            CONVERTED,
            "a enter, e enter, f enter, f Failed, e Failed, a Failed, replied",
        ),
        (
            "/convert-early",
            409,
            CONVERTED,
            "a enter, f enter, e enter, e Failed, f Failed, a Failed, replied",
        ),
    ])
    .await;
}

#[tokio::test]
async fn an_early_release_that_fails_is_the_reply_and_takes_the_tasks_with_it() {
    check(&[
        (
            "/fails-early",
            409,
            EXIT_FAILS,
            "a enter, f enter, x enter, x Returned, f Failed, a Failed, replied",
        ),
        ("/booms-early", 500, BARE, "a enter, y enter, y Returned, a Failed, fault: exit booms"),
        ("/panics-early", 500, BARE, "a enter, z enter, z Returned, a Failed, panic: exit panics"),
    ])
    .await;
}

#[tokio::test]
async fn what_fails_after_the_reply_cannot_change_it() {
    let after = "fault: an exception came after the reply: 409 Conflict";
    check(&[
        (
            "/fails-late",
            200,
            "null",
            &format!("a enter, x enter, replied, task, x Returned, a Failed, {after}"),
        ),
        (
            "/booms-late",
            200,
            "null",
            "a enter, y enter, replied, y Returned, a Failed, fault: exit booms",
        ),
        (
            "/panics-late",
            200,
            "null",
            "a enter, z enter, replied, z Returned, a Failed, panic: exit panics",
        ),
        ("/task-fails", 200, "null", "a enter, replied, a Failed, panic: task fails"),
    ])
    .await;
}

/// Asks once whether the reply is there, and does not wait for it.
async fn impatient(
    _: Console,
    request: ServiceRequest,
    next: Next,
) -> Result<ServiceResponse, Error> {
    match next.call(request).now_or_never() {
        Some(answered) => answered,
        None => Err(Fault("took too long".to_owned()).into()),
    }
}

#[tokio::test]
async fn a_request_that_is_given_up_is_released_as_a_failure() {
    let served = Served::start(app().middleware(impatient));
    assert_eq!(served.body("/never").await, (500, BARE.to_owned()));
    let lines = served.printed().await;
    assert_eq!(lines[..3], ["a enter", "f enter", "handler"]);
    assert_eq!(lines[lines.len() - 2..], ["f Failed", "a Failed"]);
}

#[tokio::test]
async fn a_server_may_be_abandoned_while_dependencies_wait_for_their_release() {
    async fn waits(_: Late<'a'>, _: Early<'f'>) {
        pending::<()>().await;
    }
    let served = Served::start(Api::new().route("/", get(waits)));
    let mut stream = TcpStream::connect(served.server.address()).unwrap();
    stream.write_all(b"GET / HTTP/1.1\r\nhost: a\r\n\r\n").unwrap();
    while served.so_far().len() < 2 {
        tokio::task::yield_now().await;
    }
    served.server.abandon().await.unwrap();
}
