//! Arguments of `gongkai withdraw`.

use super::{SiteArgs, day};
use crate::model::{Cause, Moment, Remains};

#[derive(clap::Args)]
#[command(next_help_heading = "选项", mut_arg("drafts", |drafts| drafts.hide(true)))]
pub struct Withdraw {
    #[command(flatten)]
    pub site: SiteArgs,
    /// 文件的路径（content/…md）、网址（/zwgk/…html）或索引号
    #[arg(value_name = "文件", help_heading = "参数")]
    pub document: String,
    /// 撤下原因：error 内容有误，superseded 已被替代，period 公示期满，privacy 涉及个人信息
    #[arg(long, value_name = "原因", value_parser = cause)]
    pub reason: Cause,
    /// 撤下方式：banner 保留并提示，tombstone 只留说明，nothing 不再显示；缺省由原因定
    #[arg(long, value_name = "方式", value_parser = remains)]
    pub show: Option<Remains>,
    /// 请读者看哪里：文件的路径、索引号，或本站的网址
    #[arg(long, value_name = "去处")]
    pub redirect: Option<String>,
    /// 一句说明，读者看得到
    #[arg(long, value_name = "说明", allow_hyphen_values = true)]
    pub note: Option<String>,
    /// 从哪一天起撤下（2026-01-01）；缺省为今天
    #[arg(long, value_name = "日期", value_parser = day)]
    pub date: Option<Moment>,
    /// 只显示要改的几行和结果，什么也不写入
    #[arg(long)]
    pub dry_run: bool,
}

fn cause(text: &str) -> Result<Cause, String> {
    let words = Cause::ALL.map(|cause| format!("{}（{}）", cause.key(), cause.label()));
    Cause::from_label(text.trim()).ok_or_else(|| format!("可以写：{}", words.join("、")))
}

fn remains(text: &str) -> Result<Remains, String> {
    let words = Remains::ALL.map(|way| format!("{}（{}）", way.key(), way.label()));
    Remains::from_label(text.trim()).ok_or_else(|| format!("可以写：{}", words.join("、")))
}
