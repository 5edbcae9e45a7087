//! Files that are larger than what is sent at once: each sort of server takes them in its own way.

use super::servers::{Server, Sort};
use super::{Remote, no_rest};
use crate::site_test::assert_same;

/// Bytes that nothing makes smaller.
fn noise(size: usize, seed: u64) -> Vec<u8> {
    let mut state = seed;
    let mut next = || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 24).to_le_bytes()
    };
    let mut bytes: Vec<u8> = std::iter::repeat_with(&mut next).take(size / 8 + 1).flatten().collect();
    bytes.truncate(size);
    bytes
}

fn large_files_come_change_and_go_back(sort: Sort) {
    let Some(server) = Server::start(sort) else { return };
    let remote = Remote::new(server, 0);
    remote.site.put("static/a.bin", noise(17_000_000, 1));
    remote.site.put("static/b.bin", noise(40_000_000, 2));
    remote.run(&["publish", "web"]).is(0);
    remote.is_whole();
    let first = remote.built();
    remote.site.put("static/a.bin", noise(17_000_001, 3));
    remote.site.put("static/b.bin", noise(40_000_000, 4));
    remote.run(&["publish", "web"]).is(0).says("修改 2");
    remote.is_whole();
    remote.run(&["verify", "web"]).is(0).says("没有问题");
    remote.run(&["rollback", "web"]).is(0);
    assert_same(&remote.live(), &first);
    remote.run(&["verify", "web"]).is(0);
    no_rest(&remote);
}

#[test]
fn large_files_at_an_s3_server() {
    large_files_come_change_and_go_back(Sort::S3);
}

#[test]
fn large_files_at_a_webdav_server() {
    large_files_come_change_and_go_back(Sort::Webdav);
}

#[test]
fn large_files_at_apache() {
    large_files_come_change_and_go_back(Sort::Apache);
}

#[test]
fn large_files_at_an_ftp_server() {
    large_files_come_change_and_go_back(Sort::Ftp);
}

#[test]
fn large_files_at_an_ftp_server_with_tls() {
    large_files_come_change_and_go_back(Sort::Ftps);
}

#[test]
fn large_files_at_an_sftp_server() {
    large_files_come_change_and_go_back(Sort::Sftp);
}
