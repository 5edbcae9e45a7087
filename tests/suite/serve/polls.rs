//! Where the system tells of no change: the preview looks by itself.

use std::path::Path;

use gongkai::serve::{Setup, silent_mount};

use super::client::{Preview, setup};
use crate::site_test::{SiteTest, channel, doc};

#[test]
fn polling_sees_what_changes() {
    let site = SiteTest::new()
        .file("content/z/_index.md", channel("栏目", ""))
        .file("content/z/a.md", doc("甲", "2014-12-04", ""))
        .file("content/z/b.md", doc("乙", "2014-12-04", ""));
    let setup = Setup { poll: true, ..setup(&site) };
    let preview = Preview::with(site, setup);
    assert!(preview.told()[0].starts_with("polls: "), "{:?}", preview.told());
    let (a, b, list) = (preview.open("/z/a.html"), preview.open("/z/b.html"), preview.open("/z/"));
    preview.site.edit("content/z/a.md", "甲的正文。", "甲的新正文。");
    assert_eq!(a.next(), "reload");
    assert!(preview.page("/z/a.html").contains("甲的新正文。"));
    preview.site.put("content/z/c.md", doc("丙", "2014-12-05", ""));
    assert_eq!(list.next(), "reload");
    preview.site.put("templates/partials/facts.html", "<p>新的页脚</p>\n");
    assert_eq!(b.next(), "reload");
    // readers hear of a change before the terminal does
    let changes = || preview.told().iter().filter(|line| line.starts_with("rebuilt: 3 ")).count();
    preview.until("both changes told", || changes() >= 2);
    // a look that finds nothing is not told
    let told = preview.told().len();
    let turn = preview.server.turn();
    preview.until("two more looks", || preview.server.turn() >= turn + 3);
    assert!(preview.told().len() <= told + 1, "{:#?}", preview.told());
}

/// The program with so many folders to watch at most; `None`, with a note, where a test may not limit them.
#[cfg(target_os = "linux")]
fn with_watches(most: usize) -> Option<std::process::Command> {
    let limit = format!("echo {most} > /proc/sys/user/max_inotify_watches && exec \"$0\" \"$@\"");
    let limited = |program: &std::ffi::OsStr| {
        let mut command = std::process::Command::new("unshare");
        command.args(["--user", "--map-root-user", "sh", "-c", &limit]).arg(program);
        command
    };
    if limited("true".as_ref()).output().is_ok_and(|output| output.status.success()) {
        return Some(limited(super::process::program().get_program()));
    }
    eprintln!("skipped: the number of watches cannot be limited here");
    None
}

#[cfg(target_os = "linux")]
#[test]
fn where_no_more_can_be_watched_it_says_so_and_looks_by_itself() {
    let site = SiteTest::new()
        .file("content/z/_index.md", channel("栏目", ""))
        .file("content/z/a.md", doc("甲", "2014-12-04", ""))
        .file("content/y/_index.md", channel("别的栏目", ""));
    let said = "提示：系统允许监视的文件夹数已用完（inotify 的 max_user_watches），改为定时查看文件";
    // too few from the beginning
    let Some(command) = with_watches(2) else { return };
    let preview = super::process::Process::by(command, &site, &["--port", "0"]);
    preview.address();
    assert_eq!(preview.line("提示"), said);
    site.put("content/z/b.md", doc("乙", "2014-12-05", ""));
    preview.line("文件 2，错误 0");
    drop(preview);
    // and when more folders come
    let preview = super::process::Process::by(with_watches(12).expect("as before"), &site, &["--port", "0"]);
    preview.address();
    site.put("content/z/c.md", doc("丙", "2014-12-05", ""));
    preview.line("文件 3，错误 0");
    assert!(!preview.lines().iter().any(|line| line.contains("提示")), "{:#?}", preview.lines());
    for n in 0..20 {
        site.put(&format!("content/z/{n}/d.md"), doc(&format!("文{n}"), "2014-12-06", ""));
    }
    assert_eq!(preview.line("提示"), said);
    preview.line("文件 23，错误 0");
    site.put("content/z/19/e.md", doc("戊", "2014-12-07", ""));
    preview.line("文件 24，错误 0");
}

#[test]
fn file_systems_that_are_silent_are_known() {
    let table = "\
22 1 8:1 / / rw,relatime shared:1 - ext4 /dev/sda1 rw
23 22 0:21 / /mnt/c rw - 9p C: rw
24 22 0:22 / /srv/share\\040two rw - cifs //host/x rw
25 22 0:23 / /home/me/remote rw - fuse.sshfs me@host: rw
26 22 0:24 / /media/usb rw - fuseblk /dev/sdb1 rw
27 22 0:25 / /vagrant rw master:1 propagate_from:2 - vboxsf vagrant rw
28 23 0:26 / /mnt/c/local rw - ext4 /dev/sdc1 rw
29 22 0:27 / /over rw - nfs4 host:/ rw
30 29 0:28 / /over rw - tmpfs tmpfs rw
";
    let silent = |folder: &str| silent_mount(table, Path::new(folder));
    assert_eq!(silent("/home/me/site"), None);
    assert_eq!(silent("/mnt/c/site").as_deref(), Some("9p"));
    assert_eq!(silent("/mnt/cd/site"), None);
    assert_eq!(silent("/mnt/c/local/site"), None);
    assert_eq!(silent("/srv/share two/site").as_deref(), Some("cifs"));
    assert_eq!(silent("/home/me/remote/site").as_deref(), Some("fuse.sshfs"));
    assert_eq!(silent("/media/usb/site"), None);
    assert_eq!(silent("/vagrant").as_deref(), Some("vboxsf"));
    assert_eq!(silent("/over/site"), None);
    assert_eq!(silent_mount("", Path::new("/x")), None);
    assert_eq!(silent_mount("nonsense\n - \n1 2 3 - x", Path::new("/x")), None);
}
