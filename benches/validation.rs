//! What it costs to validate a body: the time of a valid one, how it grows, and hostile ones.
//!
//! `cargo bench --bench validation` prints a table and asserts nothing.
#![allow(clippy::print_stdout, reason = "a benchmark's output is its table")]

use std::hint::black_box;
use std::time::{Duration, Instant};

use schemars::JsonSchema;
use serde::Deserialize;
use workbook::fastapi::accept::accept;
use workbook::fastapi::json::read::from_slice;
use workbook::fastapi::schema::Schema;

#[derive(Deserialize, JsonSchema)]
#[allow(dead_code, reason = "only deserialising it is of interest")]
struct Item {
    #[schemars(range(min = 1))]
    product_id: i64,
    quantity: i64,
    #[schemars(extend("exclusiveMinimum" = 0))]
    unit_price: f64,
}

#[derive(Deserialize, JsonSchema)]
#[allow(dead_code, reason = "only deserialising it is of interest")]
struct Order {
    #[schemars(length(min = 1, max = 100))]
    customer_name: String,
    items: Vec<Item>,
    notes: Option<String>,
}

fn order(items: usize, item: &str) -> Vec<u8> {
    let items = vec![item; items].join(", ");
    format!(r#"{{"customer_name": "Alice", "notes": null, "items": [{items}]}}"#).into_bytes()
}

/// The median time of a number of runs.
fn median(runs: usize, mut work: impl FnMut()) -> Duration {
    let mut times: Vec<Duration> = (0..runs)
        .map(|_| {
            let started = Instant::now();
            work();
            started.elapsed()
        })
        .collect();
    times.sort();
    times[runs / 2]
}

fn main() {
    const ITEM: &str = r#"{"product_id": 17, "quantity": 2, "unit_price": 29.99}"#;
    const WRONG: &str = r#"{"product_id": "x", "quantity": 1.5, "unit_price": -1}"#;
    let schema = Schema::of::<Order>();
    println!("{:<34} {:>9} {:>12} {:>16}", "body", "bytes", "read", "read, validated");
    for (name, body) in [
        ("valid, 1 KB", order(17, ITEM)),
        ("valid, 10 KB", order(185, ITEM)),
        ("valid, 100 KB", order(1860, ITEM)),
        ("valid, 1 MB", order(18_600, ITEM)),
        ("10,000 wrong items", order(10_000, WRONG)),
        ("a megabyte of [", vec![b'['; 1_000_000]),
        (
            "a megabyte of text",
            format!("{{\"customer_name\": \"{}\"}}", "a".repeat(1_000_000)).into(),
        ),
    ] {
        let runs = (10_000_000 / body.len()).clamp(5, 2_000);
        let read = median(runs, || drop(black_box(from_slice(&body))));
        let validated = median(runs, || {
            if let Ok(value) = from_slice(&body) {
                drop(black_box(accept::<Order>(&schema, &value, &[])));
            }
        });
        println!("{name:<34} {:>9} {read:>12.1?} {validated:>16.1?}", body.len());
    }
}
