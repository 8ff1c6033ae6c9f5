//! Files outside of a served folder stay outside, however a path names them.

use std::env;
use std::fs;
use std::io::{Read, Write};
use std::net::TcpStream;
use std::os::unix::fs::symlink;

use tempfile::TempDir;
use workbook::fastapi::{Api, StaticFiles};

use super::served::Served;

/// A folder `site` with a page and links, and a secret beside it.
fn folder() -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    fs::create_dir_all(at("site/sub")).unwrap();
    fs::write(at("site/page.txt"), "page").unwrap();
    fs::write(at("secret.txt"), "secret").unwrap();
    fs::create_dir(at("site-beside")).unwrap();
    fs::write(at("site-beside/secret.txt"), "secret").unwrap();
    symlink(at("secret.txt"), at("site/out.txt")).unwrap();
    symlink(folder.path(), at("site/up")).unwrap();
    symlink(at("site/page.txt"), at("site/sub/inside.txt")).unwrap();
    folder
}

/// The status and the body of a GET whose target is sent as it is written.
fn raw(served: &Served, target: &str) -> (u16, String) {
    let mut stream = TcpStream::connect(served.server.address()).unwrap();
    let head = format!("GET {target} HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n");
    stream.write_all(head.as_bytes()).unwrap();
    let mut reply = String::new();
    stream.read_to_string(&mut reply).unwrap();
    let (head, body) = reply.split_once("\r\n\r\n").unwrap();
    (head.split(' ').nth(1).unwrap().parse().unwrap(), body.to_owned())
}

#[tokio::test]
async fn a_mount_serves_nothing_from_outside_its_folder() {
    let folder = folder();
    for files in [StaticFiles::new("site"), StaticFiles::new("site").html()] {
        let served = Served::start_in(Api::new().mount("/files", files), folder.path());
        for (target, expected) in [("/files/page.txt", "page"), ("/files/sub/inside.txt", "page")] {
            assert_eq!(raw(&served, target), (200, expected.to_owned()), "{target}");
        }
        for target in [
            "/files/../secret.txt",
            "/files/sub/../../secret.txt",
            "/files/..%2fsecret.txt",
            "/files/%2e%2e/secret.txt",
            "/files/%2e%2e%2fsecret.txt",
            "/files/..%5csecret.txt",
            "/files/../site-beside/secret.txt",
            "/files/out.txt",
            "/files/up/secret.txt",
            "/files/page.txt%00.html",
            "/files/%00",
            "/files//etc/passwd",
            "/files/%2fetc%2fpasswd",
            "/files/../../../../../../../../etc/passwd",
        ] {
            let (status, body) = raw(&served, target);
            assert_eq!(status, 404, "{target}: {body}");
            assert!(!body.contains("secret") && !body.contains("root:"), "{target}: {body}");
        }
    }
}

#[tokio::test]
async fn a_download_comes_from_its_folder_alone() {
    let served = Served::start(workbook::lessons::response_types::app());
    let shared = tempfile::Builder::new().prefix("shared-").tempfile().unwrap();
    let name = |path: &std::path::Path| path.file_name().unwrap().to_str().unwrap().to_owned();
    assert_eq!(raw(&served, &format!("/download/{}", name(shared.path()))).0, 200);

    let elsewhere = tempfile::tempdir().unwrap();
    fs::write(elsewhere.path().join("secret"), "secret").unwrap();
    let link = env::temp_dir().join(format!("link-{}", name(elsewhere.path())));
    symlink(elsewhere.path().join("secret"), &link).unwrap();
    let out = raw(&served, &format!("/download/{}", name(&link)));
    fs::remove_file(&link).unwrap();
    assert_eq!(out, (404, String::new()), "a link that leads out");

    for target in [
        "/download/..",
        "/download/.",
        "/download/%2e%2e",
        &format!("/download/{}", name(elsewhere.path())),
        "/download/a%00b",
        "/download/..%2fetc%2fpasswd",
        "/download/%2fetc%2fpasswd",
        "/download//etc/passwd",
        "/download/../etc/passwd",
    ] {
        assert_eq!(raw(&served, target).0, 404, "{target}");
    }
}
