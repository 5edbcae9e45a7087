//! The rules of the house, each with its reason. A rule that is broken says where, and why it exists; whoever has a
//! better reason changes the rule here, in the open.

mod read;

use std::collections::{BTreeMap, BTreeSet};

use read::{File, braces, files, text};

/// Floors of the house, from the roof down. Modules on one floor do not know each other.
const FLOORS: &[&[&str]] = &[
    &["cli"],
    &["serve", "publish", "import"],
    &["pipeline"],
    &["render", "emit"],
    &["plan", "check"],
    &["catalogue", "theme", "memory"],
    &["source", "parse"],
    &["config"],
    &["diag"],
    &["model"],
];

/// Imports that the floors forbid and that stand all the same: (module, imported, reason).
const UPWARD: &[(&str, &str, &str)] = &[];

/// A library, the only places that may name it, and what it is there for.
struct Home {
    library: &'static str,
    places: &'static [&'static str],
    reason: &'static str,
}

const fn home(library: &'static str, places: &'static [&'static str], reason: &'static str) -> Home {
    Home { library, places, reason }
}

const HOMES: &[Home] = &[
    home("annotate-snippets", &["src/diag/human.rs"], "findings for people are drawn in one place"),
    home(
        "axum",
        &["src/serve/http.rs", "src/serve/idle.rs"],
        "what is said to whom is decided without knowing how it is sent",
    ),
    home("blake3", &["src/model/hash.rs"], "one hash for fingerprints; to change it is to change one file"),
    home(
        "brotli",
        &["src/publish/host/pack.rs"],
        "copies for servers are made in one place, with settings that all share",
    ),
    home("clap", &["src/cli/args.rs", "src/cli/args/"], "only the command line knows how arguments are read"),
    home("csv", &["src/render/open_data.rs"], "one writer guards cells that a spreadsheet would run as formulas"),
    home("encoding_rs", &["src/source/sheet/delimited.rs"], "tables from office programs alone may be in GB18030"),
    home(
        "futures-core",
        &[
            "src/serve/http.rs",
            "src/publish/remote/transport.rs",
            "src/publish/remote/wire.rs",
            "src/publish/remote/listing.rs",
        ],
        "answers that come in pieces are streams, to axum and to OpenDAL",
    ),
    home(
        "getrandom",
        &["src/serve/mod.rs", "src/publish/remote/mod.rs"],
        "a preview has secrets, a claim at a service a name of its own; a build has no randomness",
    ),
    home("imagesize", &["src/source/probe.rs"], "what a file is, is found out when it is read"),
    home(
        "include_dir",
        &["src/theme/mod.rs", "src/parse/kinds.rs", "src/cli/init.rs"],
        "embedded are the default theme, the kinds, and the site that init writes",
    ),
    home("jiff", &["src/model/moment.rs"], "dates are Moment everywhere else, without a time zone"),
    home("md5", &["src/publish/remote/wire.rs"], "object stores answer with the MD5 of what arrived"),
    home("memchr", &["src/render/views/entry.rs"], "rows of listings are searched by the million"),
    home("mimalloc", &["src/main.rs"], "an allocator is the program's choice, not the library's"),
    home(
        "miniz_oxide",
        &["src/source/sheet/archive.rs", "src/publish/host/pack.rs"],
        "what is unpacked has its bounds in one place; what is packed is packed in another",
    ),
    home("notify", &["src/serve/watch.rs"], "the rest of the preview knows files that may have changed, not events"),
    home(
        "opendal",
        &[
            "src/publish/remote/late.rs",
            "src/publish/remote/listing.rs",
            "src/publish/remote/replace.rs",
            "src/publish/remote/service.rs",
            "src/publish/remote/transport.rs",
            "src/publish/remote/wire.rs",
            "src/publish/remote/words.rs",
        ],
        "the one door to services on the network",
    ),
    home("opendal-http-transport-reqwest", &["src/publish/remote/transport.rs"], "how requests are sent is said once"),
    home(
        "reqwest",
        &["src/publish/remote/transport.rs"],
        "what OpenDAL sends HTTP with is told there to follow nobody",
    ),
    home("http-message", &["src/publish/remote/transport.rs"], "requests of OpenDAL pass one place that looks at them"),
    home("pinyin", &["src/model/slug.rs"], "addresses are made from Chinese names in one way"),
    home(
        "pulldown-cmark",
        &["src/parse/markdown/"],
        "Markdown is repaired, checked and written by one reader of its events",
    ),
    home("postcard", &["src/memory/"], "what is remembered is written and read in one place"),
    home(
        "quick-xml",
        &["src/render/xml.rs", "src/source/sheet/xml.rs"],
        "XML is escaped by construction when it is written, and has no DTD when it is read",
    ),
    home(
        "rayon",
        &[
            "src/source/tree.rs",
            "src/pipeline/",
            "src/pipeline.rs",
            "src/memory/",
            "src/catalogue/mod.rs",
            "src/catalogue/address.rs",
            "src/catalogue/terms.rs",
            "src/plan/mod.rs",
            "src/plan/pages.rs",
            "src/emit/mod.rs",
            "src/emit/disk.rs",
            "src/publish/",
            "src/cli/mod.rs",
        ],
        "threads only where files are found, read, parsed, rendered, written or compared, and where something is worked out for every \
         document, axis or output by itself; cli sets their number",
    ),
    home("rustls", &["src/publish/remote/service.rs"], "which cryptography is used is said once for the process"),
    home("serde", &["src/"], "the vocabulary in which modules describe plain data"),
    home("serde_json", &["src/model/json.rs"], "JSON is written by one serializer"),
    home(
        "serde_yaml",
        &["src/parse/yaml/piece.rs"],
        "YAML is read behind one set of limits, and every node knows its place",
    ),
    home(
        "sha2",
        &["src/source/probe.rs", "src/source/digest.rs", "src/publish/remote/wire.rs"],
        "SHA-256 is what anyone can check attachments and releases with, nothing else",
    ),
    home("simdutf8", &["src/source/read.rs"], "what is read is checked to be UTF-8 in one place"),
    home("tar", &["src/publish/bundle.rs"], "one form of what is carried on a disk"),
    home("tera", &["src/theme/"], "the rest of the house hands over values and gets pages back"),
    home(
        "tokio",
        &[
            "src/serve/http.rs",
            "src/serve/idle.rs",
            "src/serve/live.rs",
            "src/publish/remote/store.rs",
            "src/publish/remote/listing.rs",
            "src/publish/remote/transport.rs",
            "src/publish/remote/wire.rs",
            "src/publish/remote/claim.rs",
            "src/publish/remote/late.rs",
            "src/publish/remote/replace.rs",
        ],
        "the async corners of the house: sockets and the channel to readers of pages, and transfers to services",
    ),
    home("toml", &["src/config/"], "one file of a site is TOML, and the strings of a theme"),
    home("unicode-normalization", &["src/model/slug.rs"], "names are made comparable where addresses are made"),
    home("walkdir", &["src/source/tree.rs"], "content is found in one place, which never follows a link"),
    home("zstd", &["src/publish/bundle.rs"], "one form of what is carried on a disk"),
];

/// What only some places may say: (words, places, reason).
const DOORS: &[(&[&str], &[&str], &str)] = &[
    (
        &["print!", "println!", "eprint!", "eprintln!"],
        &["src/cli/"],
        "only cli prints: what a library prints nobody can test or redirect",
    ),
    (&["dbg!", "todo!", "unimplemented!"], &[], "left-overs of work in progress"),
    (
        &["process::exit", "process::abort"],
        &[],
        "cli::main returns the exit code, so that everything is dropped properly",
    ),
    (&["stdout()", "stderr()", "stdin()"], &["src/cli/"], "only cli knows the streams"),
    (
        &["std::env", "env::var", "env::var_os", "env::args_os"],
        &["src/cli/"],
        "the site is a pure function of its files and arguments, not of the environment",
    ),
    (
        &["SystemTime::now", "Instant::now"],
        &[
            "src/cli/",
            "src/serve/watch.rs",
            "src/serve/rebuild.rs",
            "src/serve/idle.rs",
            "src/publish/remote/claim.rs",
            "src/publish/remote/late.rs",
        ],
        "only cli reads the clock: same files, same bytes on any day; a preview and a publisher measure how long they waited",
    ),
    (&["Timestamp::now", "Zoned::now"], &["src/model/moment.rs"], "Moment::today is the one door to the calendar"),
    (&["Moment::today", "Moment::clock"], &["src/cli/"], "\"today\" is an argument of a build; only cli fills it in"),
    (
        &["Mutex", "RwLock", "Condvar", "LazyLock", "OnceCell", "RefCell", "thread_local!"],
        &["src/serve/"],
        "values are immutable and stages are pure; only a server has state",
    ),
    (
        &["OnceLock"],
        &["src/serve/", "src/render/memo.rs"],
        "values are not filled later; the one exception are rows of listings, a pure function of a document that many \
         listings need and that is worked out when the first of them does",
    ),
    (
        &["std::fs", "fs::read", "fs::write", "File::open", "read_dir"],
        &[
            "src/source/",
            "src/theme/overlay.rs",
            "src/emit/",
            "src/cli/",
            "src/pipeline/given.rs",
            "src/memory/",
            "src/serve/files.rs",
            "src/serve/mounts.rs",
            "src/publish/",
        ],
        "memory keeps its store, source reads content, theme reads themes, pipeline reads site.toml, emit writes, serve hands \
         attachments over and reads the table of mounts, publish knows its targets; parse, catalogue and plan are pure",
    ),
    (&["std::net", "TcpStream", "UdpSocket"], &["src/serve/", "src/publish/"], "no network during a build"),
    (
        &["process::Command", "Command::new"],
        &["src/publish/git.rs"],
        "a build runs no program; publishing runs git and nothing else, because nothing else writes to its branches or \
         knows what its history means, and runs it in one place, with a fixed environment and no secret in an argument",
    ),
    (&["ChangeKind"], &[], "a rebuild compares fingerprints, it is not told what changed"),
    (&["unsafe"], &[], "forbidden in lib.rs and main.rs"),
];

/// Longest file of `src/`, and the files that may be longer: (file, its own limit, reason).
const LONGEST: usize = 450;
const LONGER: &[(&str, usize, &str)] = &[];

/// Longest body of `pipeline::build`.
const ONE_SCREEN: usize = 60;

/// Prints every breach with the rule's reason, and fails if there is one.
fn judge(rule: &str, breaches: &[String]) {
    assert!(breaches.is_empty(), "\n\nRule: {rule}\n  {}\n", breaches.join("\n  "));
}

fn floor(module: &str) -> Option<usize> {
    FLOORS.iter().position(|floor| floor.contains(&module))
}

fn is_in(path: &str, places: &[&str]) -> bool {
    places.iter().any(|place| path == *place || (place.ends_with('/') && path.starts_with(place)))
}

#[test]
fn imports_point_only_down() {
    let sources = files("src", ".rs");
    let mut breaches = Vec::new();
    let mut excused = BTreeSet::new();
    for file in sources.iter().filter(|file| !matches!(file.module(), "lib" | "main")) {
        let module = file.module();
        let Some(own) = floor(module) else {
            breaches.push(format!("{}: `{module}` is on no floor", file.path));
            continue;
        };
        for (name, at) in file.imports().into_iter().filter(|(name, _)| name != module) {
            let place = format!("{}:{}: {module} → {name}", file.path, file.line(at));
            match floor(&name) {
                Some(other) if other > own => {}
                _ if UPWARD.iter().any(|(from, to, _)| *from == module && *to == name) => {
                    _ = excused.insert((module.to_owned(), name))
                }
                Some(other) if other == own => breaches.push(format!("{place} (the same floor)")),
                Some(_) => breaches.push(format!("{place} (upward)")),
                None => breaches.push(format!("{place} (no module)")),
            }
        }
    }
    let idle = UPWARD.iter().filter(|(from, to, _)| !excused.contains(&(from.to_string(), to.to_string())));
    breaches.extend(idle.map(|(from, to, _)| format!("the exception {from} → {to} is no longer needed: remove it")));
    judge(
        "imports point only down the floors, so that a stage can be read, tested and changed without those above it",
        &breaches,
    );
}

#[test]
fn each_library_has_one_home() {
    let sources = files("src", ".rs");
    let declared = dependencies("dependencies");
    let mut breaches = Vec::new();
    for library in declared.iter().filter(|library| !HOMES.iter().any(|home| home.library == **library)) {
        breaches.push(format!("Cargo.toml: {library} has no home in this table"));
    }
    for home in HOMES {
        if !declared.contains(home.library) {
            breaches.push(format!("{} has a home but is not in Cargo.toml", home.library));
        }
        let name = home.library.replace('-', "_");
        let users: Vec<(&File, usize)> =
            sources.iter().filter_map(|file| Some((file, file.uses_crate(&name)?))).collect();
        for (file, at) in users.iter().filter(|(file, _)| !is_in(&file.path, home.places)) {
            breaches.push(format!(
                "{}:{}: {} lives in {:?}: {}",
                file.path,
                file.line(*at),
                home.library,
                home.places,
                home.reason
            ));
        }
        for place in home.places.iter().filter(|place| !users.iter().any(|(file, _)| is_in(&file.path, &[place]))) {
            breaches.push(format!("{place} does not use {}: remove it from the table", home.library));
        }
    }
    judge("each library has one home, so that it can be replaced or fenced in one place", &breaches);
}

/// Names of a table of Cargo.toml, as the code knows them.
fn dependencies(table: &str) -> BTreeSet<String> {
    let manifest: toml::Table = text("Cargo.toml").parse().unwrap();
    manifest[table].as_table().unwrap().keys().cloned().collect()
}

#[test]
fn every_dependency_is_named_with_its_reason() {
    let paper = text("ARCHITECTURE.md");
    let all = dependencies("dependencies").into_iter().chain(dependencies("dev-dependencies"));
    let unnamed: Vec<String> = all.filter(|name| !paper.contains(&format!("`{name}`"))).collect();
    judge("a dependency is named with its reason in ARCHITECTURE.md: what nobody can justify, nobody needs", &unnamed);
}

#[test]
fn what_only_some_places_may_say() {
    let sources = files("src", ".rs");
    let mut breaches = Vec::new();
    for (words, places, reason) in DOORS {
        for file in sources.iter().filter(|file| !is_in(&file.path, places)) {
            breaches.extend(
                file.says(words).map(|(word, at)| format!("{}:{}: `{word}`: {reason}", file.path, file.line(at))),
            );
        }
    }
    judge("the world is met at few doors", &breaches);
}

#[test]
fn unsafe_code_is_forbidden() {
    let crates = ["src/lib.rs", "src/main.rs"];
    let open: Vec<&str> = crates.into_iter().filter(|path| !text(path).contains("#![forbid(unsafe_code)]")).collect();
    assert!(open.is_empty(), "{open:?}: untrusted content is read here; the compiler shall watch the memory");
}

#[test]
fn files_are_short_and_folders_have_a_table_of_contents() {
    let mut breaches = Vec::new();
    for file in files("src", ".rs") {
        let lines = file.text.lines().count();
        let own = LONGER.iter().find(|(path, ..)| *path == file.path);
        if lines > own.map_or(LONGEST, |(_, limit, _)| *limit) {
            breaches.push(format!("{}: {lines} lines: split it by what it does", file.path));
        }
        if own.is_some() && lines <= LONGEST {
            breaches.push(format!("{}: {lines} lines: the exception is no longer needed, remove it", file.path));
        }
        if file.path.ends_with("/mod.rs") && !file.text.starts_with("//! ") {
            breaches.push(format!("{}: begin with what comes in and what goes out", file.path));
        }
    }
    judge("a file is read at a sitting, and a folder says at its door what is in it", &breaches);
}

#[test]
fn the_build_fits_one_screen() {
    let pipeline = files("src", "pipeline.rs").pop().unwrap();
    let start = pipeline.code.find("pub fn build(").expect("pipeline::build");
    let lines = braces(&pipeline.code[start..]).lines().count();
    assert!(lines <= ONE_SCREEN, "pipeline::build has {lines} lines: the six stages are to be seen on one screen");
}

#[test]
fn every_code_is_used() {
    let sources = files("src", ".rs");
    let is_used =
        |name: &str| sources.iter().any(|file| file.path != "src/diag/codes.rs" && file.says(&[name]).next().is_some());
    let idle = gongkai::diag::Code::ALL.iter().map(|code| code.as_str()).filter(|name| !is_used(name));
    let idle: Vec<String> =
        idle.map(|name| format!("{name}: give it a use or take it away, and never give the number again")).collect();
    judge("a code that gongkai explain shows can really happen (its manual is tested in diag.rs)", &idle);
}

#[test]
fn templates_print_only_words_of_the_table() {
    let table: toml::Table = text("themes/default/strings/zh-CN.toml").parse().unwrap();
    let mut used = BTreeMap::new();
    for file in files("themes/default", ".html") {
        for at in read::words(&file.text, "t.") {
            let key: String = file.text[at + 2..].chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
            used.entry(key).or_insert(format!("{}:{}", file.path, file.line(at)));
        }
    }
    let missing = used
        .iter()
        .filter(|(key, _)| !table.contains_key(*key))
        .map(|(key, place)| format!("{place}: t.{key} is not in the table"));
    let idle = table
        .keys()
        .filter(|key| !used.contains_key(*key))
        .map(|key| format!("{key} is in the table, but no template prints it"));
    judge(
        "every word of a template is in strings/zh-CN.toml, and every word there is printed",
        &missing.chain(idle).collect::<Vec<_>>(),
    );
}

#[test]
fn templates_hold_no_script_and_no_style_and_switch_no_escaping_off() {
    let mut breaches = Vec::new();
    for file in files("themes/default", ".html") {
        let mut wrong = |at: usize, what: &str| breaches.push(format!("{}:{}: {what}", file.path, file.line(at)));
        let bare: String = file.text.to_lowercase().split_whitespace().collect::<Vec<_>>().join(" ");
        if bare.contains("| safe") || bare.contains("|safe") || bare.contains("autoescape") {
            wrong(0, "`| safe`: only gongkai marks HTML as safe, and only its own");
        }
        for (at, tag) in tags(&file.text) {
            let names: Vec<&str> = tag.split_whitespace().skip(1).filter_map(|part| part.split('=').next()).collect();
            if tag.starts_with("style") || names.contains(&"style") {
                wrong(at, "an inline style: the content security policy forbids it; use assets/site.css");
            }
            if names.iter().any(|name| name.starts_with("on")) || tag.contains("javascript:") {
                wrong(at, "an inline script: the content security policy forbids it; use assets/site.js");
            }
            if tag.starts_with("script") && !(names.contains(&"src") && file.text[at..].contains("></script>")) {
                wrong(at, "an inline script: the content security policy forbids it; use assets/site.js");
            }
            let loads = ["script", "img", "link", "iframe", "source", "video", "audio"]
                .iter()
                .any(|name| tag.starts_with(name));
            if loads && ["=\"http", "=\"//"].iter().any(|address| tag.contains(address)) {
                wrong(at, "a request to a third party: a citizen who reads a notice is told to nobody");
            }
        }
    }
    judge("pages work under a strict content security policy and ask nobody else", &breaches);
}

/// Opening tags of HTML, in lower case and without `<` and `>`.
fn tags(html: &str) -> impl Iterator<Item = (usize, String)> {
    html.match_indices('<').filter_map(|(at, _)| {
        let tag = &html[at + 1..][..html[at + 1..].find('>').unwrap_or(0)];
        tag.starts_with(|c: char| c.is_ascii_alphabetic()).then(|| (at, tag.to_lowercase()))
    })
}

#[test]
fn nothing_names_the_machine_it_was_written_on() {
    // in two pieces, or this file would break the rule
    let paths = [("/wo", "rk/"), ("/ro", "ot/"), ("/tm", "p/"), ("/Use", "rs/")].map(|(a, b)| format!("{a}{b}"));
    let folders = ["src", "tests", "themes", "content"].into_iter().flat_map(|folder| files(folder, ""));
    let top = std::fs::read_dir(read::root()).unwrap().filter_map(|entry| {
        let path = entry.unwrap().file_name().to_string_lossy().into_owned();
        let text = std::fs::read_to_string(read::root().join(&path)).ok()?;
        (path != ".git").then_some(File { path, text, code: String::new() })
    });
    let mut breaches = Vec::new();
    for file in folders.chain(top) {
        let found = paths.iter().filter_map(|path| Some((path, file.text.find(path.as_str())?)));
        breaches.extend(found.map(|(path, at)| format!("{}:{}: {path}", file.path, file.line(at))));
    }
    judge("a path of one machine means nothing on another", &breaches);
}
