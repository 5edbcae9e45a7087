//! Files that are renamed in capitals alone, on disks that tell them apart and on such as do not.

use std::fs;

use super::servers::{Server, Sort};
use super::{Remote, no_rest};

/// A site that was published with `d/Notes.txt`.
fn published(server: Option<Server>) -> Option<Remote> {
    let remote = Remote::new(server?, 3);
    remote.site.put("static/d/Notes.txt", "记\n");
    remote.run(&["publish", "web"]).is(0);
    Some(remote)
}

fn rename(remote: &Remote) {
    fs::remove_file(remote.site.path("static/d/Notes.txt")).unwrap();
    remote.site.put("static/d/notes.txt", "记\n");
}

#[test]
fn a_server_that_does_not_tell_capitals_apart_is_found_out_before_anything_is_sent() {
    for sort in [Sort::Ftp, Sort::Webdav, Sort::S3] {
        let Some(remote) = published(Server::start_without_capitals(sort)) else { return };
        let before = remote.live();
        rename(&remote);
        let stopped = remote.run(&["publish", "web", "--allow-deletes", "1"]).is(2);
        stopped.says("/d/notes.txt").says("只有大小写不同").says("请分两次");
        assert_eq!(remote.live(), before, "{sort:?}");
        // as it is told: without either, then with the new one
        fs::remove_file(remote.site.path("static/d/notes.txt")).unwrap();
        remote.run(&["publish", "web", "--allow-deletes", "1"]).is(0);
        // the server believes what it saw of a folder a second ago
        std::thread::sleep(std::time::Duration::from_millis(1500));
        remote.site.put("static/d/notes.txt", "记\n");
        remote.run(&["publish", "web"]).is(0);
        remote.is_whole();
        remote.run(&["verify", "web"]).is(0);
        no_rest(&remote);
    }
}

#[test]
fn a_server_that_tells_them_apart_gets_the_new_name_in_one_release() {
    for sort in [Sort::Ftp, Sort::Ftps, Sort::Webdav, Sort::Sftp, Sort::S3] {
        let Some(remote) = published(Server::start(sort)) else { return };
        rename(&remote);
        remote.run(&["publish", "web", "--allow-deletes", "1"]).is(0);
        remote.is_whole();
        remote.run(&["verify", "web"]).is(0);
    }
}

/// The folder of the old name stays there, empty; and beside one the new files would land in it.
#[test]
fn a_folder_that_is_renamed_in_capitals_alone_is_found_out_too() {
    for beside in [false, true] {
        for sort in [Sort::Ftp, Sort::Webdav] {
            let Some(remote) = published(Server::start_without_capitals(sort)) else { return };
            let before = remote.live();
            if !beside {
                fs::remove_file(remote.site.path("static/d/Notes.txt")).unwrap();
            }
            remote.site.put(if beside { "static/D/other.txt" } else { "static/D/Notes.txt" }, "记\n");
            let stopped = remote.run(&["publish", "web", "--allow-deletes", "1"]).is(2);
            stopped.says("只有大小写不同").says("在服务器上删去旧的文件夹").says("改回原来的大小写");
            assert_eq!(remote.live(), before, "{sort:?}");
        }
    }
}
