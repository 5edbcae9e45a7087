//! `gongkai serve`: the preview's words in the terminal. What it does is `crate::serve`.

use std::path::Path;

use super::args::{MessageFormat, Serve, SiteArgs};
use super::{Exit, report};
use crate::model::Moment;
use crate::pipeline::Options;
use crate::serve::{Failure, Notice, PORT, Rebuilt, Server, Setup};

pub fn run(args: &Serve) -> Exit {
    let mut options = Options { preview: true, ..args.site.options() };
    let config = options.root.join(&options.config);
    if matches!(config.try_exists(), Ok(false)) {
        return report::failure(&crate::pipeline::Failure::NoSite(config));
    }
    // events name files by their paths without links
    match std::fs::canonicalize(&options.root) {
        Ok(root) => options.root = root,
        Err(error) => return report::failure(&crate::pipeline::Failure::Io { path: options.root, error }),
    }
    let tell = teller(&args.site, &options.root);
    let setup = Setup {
        options,
        today: args.site.as_of.is_none().then_some(Moment::today),
        listen: args.listen,
        port: args.port,
        share: args.share,
        hosts: args.allow_host.clone(),
        poll: args.poll,
    };
    let server = match Server::start(setup, tell) {
        Ok(server) => server,
        Err(failure) => return refused(&failure),
    };
    greet(&server);
    server.wait();
    server.end();
    say!("预览结束");
    Exit::Clean
}

fn greet(server: &Server) {
    let (here, others) = server.urls();
    if server.is_other_port {
        eprintln!("端口 {PORT} 已被占用，改用 {}", server.address().port());
    }
    say!("预览：{here}");
    if let Some(others) = others {
        eprintln!("注意：知道下面这个网址的人都能看到草稿和尚未公开的文件；用完按 Ctrl-C 结束");
        say!("其他电脑和手机：{others}");
    }
    say!("保存文件后网页自己更新；按 Ctrl-C 结束");
}

/// Says what happens: a line for each rebuild, and findings when they have changed.
fn teller(site: &SiteArgs, root: &Path) -> Box<dyn Fn(Notice) + Send> {
    let (site, root) = (site.clone(), root.to_owned());
    Box::new(move |notice| match notice {
        Notice::Polls(why) => eprintln!("提示：{why}，改为定时查看文件"),
        Notice::Remark(words) => eprintln!("提示：{words}"),
        Notice::Rebuilt(rebuilt) => {
            if let Some(findings) = rebuilt.findings {
                report::findings(findings, &site, &root);
            }
            if site.message_format == MessageFormat::Human && !site.quiet {
                line(&rebuilt);
            }
        }
    })
}

fn line(rebuilt: &Rebuilt) {
    let Rebuilt { documents, errors, warnings, took, trouble, is_current, .. } = rebuilt;
    let clock = Moment::clock();
    if let Some(trouble) = trouble {
        eprintln!("{clock} 没有生成：{trouble}");
        return;
    }
    let state = if *is_current { "" } else { "；网页保持上一次正确的样子" };
    let took = took.as_secs_f64();
    say!("{clock} 文件 {documents}，错误 {errors}，警告 {warnings}，用时 {took:.2} 秒{state}");
}

fn refused(failure: &Failure) -> Exit {
    match failure {
        Failure::NotPrivate(ip) => {
            eprintln!("错误：{ip} 不是本机专用的地址，别人也能打开预览，看到草稿");
            eprintln!("  = 建议: 去掉 --listen；确要让别的电脑看，加上 --share，用带口令的网址");
        }
        Failure::PortTaken(address) => {
            eprintln!("错误：端口 {} 已被占用", address.port());
            eprintln!("  = 建议: 用 --port 另选一个；不写 --port 时自己找空闲的端口");
        }
        Failure::Io(error) => eprintln!("错误：不能开始预览：{error}"),
    }
    Exit::CouldNotRun
}
