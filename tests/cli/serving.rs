//! `serve`: the banner, a real request, signals, ports.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::process::{Child, Command, Stdio};

use super::program::{Place, has};

/// A served lesson; it does not outlive the test.
pub struct Served {
    process: Child,
    banner: Vec<String>,
    /// Where it listens: `127.0.0.1:49321`.
    pub address: String,
}

impl Served {
    /// Starts serving and waits until the banner is complete.
    pub fn start(place: &Place, arguments: &[&str]) -> Self {
        let mut command = place.command(arguments);
        let mut process = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let mut banner = Vec::new();
        for line in BufReader::new(process.stderr.as_mut().unwrap()).lines() {
            banner.push(line.unwrap());
            if banner.last().is_some_and(|line| line.contains("Ctrl-C")) {
                break;
            }
        }
        let address = banner.iter().find_map(|line| line.strip_prefix("serving on http://"));
        let address = address.unwrap_or_else(|| panic!("no address in {banner:?}")).to_owned();
        Self { process, banner, address }
    }

    fn get(&self, path: &str) -> String {
        let mut stream = TcpStream::connect(&self.address).unwrap();
        write!(stream, "GET {path} HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n").unwrap();
        let mut reply = String::new();
        stream.read_to_string(&mut reply).unwrap();
        reply
    }

    /// Sends a signal; gives back the exit code and what was printed on stdout.
    pub fn end(mut self, signal: &str) -> (Option<i32>, String) {
        let pid = self.process.id().to_string();
        assert!(Command::new("kill").args([signal, &pid]).status().unwrap().success());
        let mut stdout = String::new();
        let unread = self.process.stdout.take();
        unread.map(|mut unread| unread.read_to_string(&mut stdout).unwrap());
        (self.process.wait().unwrap().code(), stdout)
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        // It has ended already unless the test failed.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

#[test]
fn a_served_lesson_answers_until_it_is_told_to_end() {
    for signal in ["-TERM", "-INT"] {
        let place = Place::empty();
        let served = Served::start(&place, &["serve", "1"]);
        let reply = served.get("/hello");
        assert!(reply.starts_with("HTTP/1.1 200 OK\r\n"), "{reply}");
        assert!(reply.ends_with("\r\n\r\n{\"message\":\"Hello World\"}"), "{reply}");
        has(&served.get("/docs"), &["swagger"]);
        let address = served.address.clone();
        assert_eq!(served.end(signal), (Some(0), String::new()), "{signal}");
        assert!(TcpStream::connect(address).is_err(), "the port is still open");
    }
}

#[test]
fn an_open_connection_does_not_keep_the_server_up() {
    let place = Place::empty();
    let served = Served::start(&place, &["serve", "1"]);
    let idle = TcpStream::connect(&served.address).unwrap();
    assert_eq!(served.end("-TERM").0, Some(0));
    drop(idle);
}

#[test]
fn the_banner_names_the_lesson_the_address_the_docs_and_a_first_request() {
    let place = Place::empty();
    let served = Served::start(&place, &["serve", "path-parameters", "--host", "localhost"]);
    let base = format!("http://{}", served.address);
    let banner = served.banner.join("\n");
    has(&banner, &["4 · Path parameters", &base, &format!("{base}/docs"), "curl -i"]);
    assert!(served.address.starts_with("127.0.0.1:"), "{}", served.address);
    assert_eq!(served.end("-TERM").0, Some(0));
}

#[test]
fn a_chosen_port_is_used_and_a_taken_one_is_an_error_with_a_way_out() {
    let place = Place::empty();
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = taken.local_addr().unwrap().port().to_string();
    let message = place.run(&["serve", "1", "--port", &port]).failed(4);
    has(&message, &["error: ", &port, "in use", "--port"]);
    drop(taken);
    let served = Served::start(&place, &["serve", "1", "--port", &port]);
    assert_eq!(served.address, format!("127.0.0.1:{port}"));
    assert_eq!(served.end("-TERM").0, Some(0));
}

#[test]
fn a_server_goes_on_although_nobody_reads_what_it_prints() {
    let place = Place::empty();
    let mut served = Served::start(&place, &["serve", "18"]);
    drop(served.process.stdout.take());
    for _ in 0..3 {
        assert!(served.get("/openapi.json").starts_with("HTTP/1.1 200 OK\r\n"));
    }
    assert_eq!(served.end("-TERM").0, Some(0));
}
