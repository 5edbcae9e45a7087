//! The folder of publishing's own files, which holds what was withdrawn: inside a site that a service serves it is refused.

use std::fs;

use super::hosted;
use super::servers::{encoded, open_to_all, with_apache, with_nginx};
use crate::publish::remote::servers::{Server, Sort};
use crate::publish::{Ended, Publishing, ended};
use crate::site_test::tree;

/// The target is a service that says this besides.
fn at_service(server: &Server, lines: &str) -> Publishing {
    let publishing = hosted("");
    let text = publishing.site.read("site.toml");
    let (before, _) = text.split_once("\n[publish.web]").unwrap();
    publishing.site.put("site.toml", format!("{before}{}{lines}", server.config(server.port)));
    publishing
}

fn publish(publishing: &Publishing, server: &Server) -> Ended {
    ended(publishing.command(&["publish", "web"]).envs(server.environment()).output().unwrap()).is(0)
}

#[test]
fn what_publishing_keeps_inside_the_site_is_served_to_nobody() {
    for (state, line) in [("_gongkai", ""), ("own/1+1", "state = \"www/own/1+1\"\n")] {
        let Some(server) = Server::start(Sort::Ftp) else { return };
        let publishing = at_service(&server, &format!("{line}host = [\"nginx\", \"apache\", \"pages\"]\n"));
        for other in ["own/1+1x/a.txt", "own/111/a.txt", "_gongkaix/a.txt"] {
            publishing.site.put(&format!("static/{other}"), "别的");
        }
        publish(&publishing, &server);
        publishing.site.edit("content/z/long.md", "长文", "更长的文");
        publish(&publishing, &server);
        let own = tree(&server.site().join(state));
        assert!(own.keys().any(|path| path.starts_with("kept/")), "an earlier file is there");
        let rules = fs::read_to_string(server.site().join("_redirects")).unwrap();
        assert!(rules.contains("/* /404.html 404!\n"), "{rules}");
        fs::create_dir_all(publishing.target()).unwrap();
        std::os::unix::fs::symlink(server.site(), publishing.path("current")).unwrap();
        open_to_all(server.site().ancestors().nth(2).unwrap());
        for start in [with_nginx, with_apache] {
            let folder = crate::site_test::temporary();
            let Some(served) = start(&publishing, folder.path()) else { continue };
            for there in ["/z/long.html", "/own/1%2B1x/a.txt", "/own/111/a.txt", "/_gongkaix/a.txt"] {
                assert_eq!(served.get(there, "").status, 200, "{there}");
            }
            let files = own.keys().map(|path| format!("/{state}/{path}"));
            for path in files.chain([format!("/{state}"), format!("/{state}/"), format!("//{state}/seal")]) {
                assert_eq!(served.get(&encoded(&path), "").status, 404, "{path}");
            }
            // written another way
            assert_eq!(served.get(&format!("/{}/seal", state.replace('o', "%6F")), "").status, 404);
        }
    }
}

#[test]
fn rules_say_nothing_of_a_folder_that_is_refused_anyway_or_lies_outside() {
    let lines = "host = [\"nginx\", \"apache\", \"pages\", \"s3\"]\n";
    let mut said = Vec::new();
    for line in ["state = \"aside\"\n", "state = \"www/.aside/x\"\n", "state = \"www2/aside\"\n"] {
        let Some(server) = Server::start(Sort::Webdav) else { return };
        let publishing = at_service(&server, &format!("{line}{lines}"));
        let notes = publish(&publishing, &server).err;
        assert_eq!(notes.contains("拒绝不了文件夹 .aside/x"), line.contains(".aside"), "{notes}");
        let rules = [".htaccess", ".host/nginx.conf", "_redirects"];
        said.push(rules.map(|path| fs::read_to_string(server.site().join(path)).unwrap()));
    }
    assert!(said.windows(2).all(|pair| pair[0] == pair[1]));
    assert!(!said[0].concat().contains("aside"), "{:?}", said[0]);
}
