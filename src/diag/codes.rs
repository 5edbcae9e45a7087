//! Every code a finding may carry, with its severity, its name and its manual. `gongkai explain CODE` prints the manual.

use super::Severity;

macro_rules! codes {
    ($($code:ident $severity:ident $title:literal),* $(,)?) => {
        /// A finding's code: stable, never given to another finding.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
        pub enum Code { $($code),* }

        impl Code {
            pub const ALL: &'static [Code] = &[$(Code::$code),*];

            pub fn as_str(self) -> &'static str {
                match self { $(Code::$code => stringify!($code)),* }
            }

            pub fn severity(self) -> Severity {
                match self { $(Code::$code => Severity::$severity),* }
            }

            /// The rule's name, in Chinese.
            pub fn title(self) -> &'static str {
                match self { $(Code::$code => $title),* }
            }

            /// The rule's manual, Markdown.
            pub fn manual(self) -> &'static str {
                match self { $(Code::$code => include_str!(concat!("manual/", stringify!($code), ".md"))),* }
            }
        }
    };
}

codes! {
    // files
    G001 Error "文件不是 UTF-8 编码",
    G002 Error "符号链接或特殊文件",
    G003 Error "文件无法读取",
    G004 Error "名称不能用作网址或文件名",
    G005 Error "文件过大",
    G006 Warning "文件没有被引用",
    G007 Error "文件里有不可见的控制字符",
    // front matter
    G010 Error "头信息缺失或没有结束",
    G011 Error "未知字段",
    G012 Error "字段重复",
    G013 Error "头信息写法有误",
    G014 Error "缺少必填字段",
    G015 Error "日期有误",
    G016 Error "头信息里有锚点、别名或标签",
    G017 Hint "字段名后用了全角冒号",
    G018 Error "索引号有误",
    G019 Warning "索引号可疑",
    G020 Error "取值不在允许范围",
    G021 Error "未知类目",
    G022 Error "日期先后矛盾",
    G023 Error "文号有误",
    G024 Warning "文号不合国家标准",
    G025 Error "信息类型的字段有误",
    G026 Error "合计与各项不符",
    G027 Hint "没有这个信息类型",
    G028 Error "公示期不合规定",
    G029 Error "空气质量指数与浓度不符",
    // body
    G030 Error "正文含有不允许的 HTML",
    G031 Error "链接地址不安全",
    G032 Error "链接目标不存在",
    G033 Error "页内锚点不存在",
    G034 Error "图片或文件缺失",
    G035 Error "嵌套过深",
    G036 Error "表格过大",
    G037 Error "注释没有结束",
    G038 Warning "图片缺少文字说明",
    G039 Error "链接到未公开的文件",
    // attachments
    G040 Error "附件类型不允许",
    G041 Error "附件内容与扩展名不符",
    G042 Error "路径越出网站",
    // body, whose ten numbers are given
    G043 Error "链接、图片或脚注没有写成",
    G044 Error "正文的一部分不会显示",
    G045 Warning "列表的序号与所写不同",
    G046 Warning "换行或缩进不会照样显示",
    G047 Error "数据表格有误",
    // the site as a whole
    G050 Error "索引号重复",
    G051 Error "网址冲突",
    G052 Error "关联的文件不存在",
    G053 Error "关联成环",
    G054 Error "栏目不存在",
    G055 Warning "有效性与日期、关联矛盾",
    G056 Error "网址名有误",
    G057 Error "旧网址有误",
    G058 Error "文件不在任何栏目里",
    G059 Warning "关联的文件没有公开",
    G060 Error "组配规则有误",
    G061 Error "区块有误",
    G062 Error "数据表有误",
    G063 Error "信息类型的声明有误",
    G064 Error "记录表有误",
    // configuration and theme
    G070 Error "site.toml 有误",
    G072 Error "模板有误",
    G073 Error "文字表缺少条目",
    G074 Warning "主题里没有用到的文件",
    G075 Warning "文字表里没有用到的条目",
    // what documents say, seen together; figures that must follow from others
    G080 Error "年度报告的表内关系不符",
    G081 Warning "年度报告与上年不衔接",
    G082 Warning "公开时间晚于规定",
    G083 Warning "期号重复、缺期或看不出期号",
    G084 Error "自动计数有误",
    G085 Error "水质类别与监测值不符",
    // what is withdrawn
    G086 Error "撤下的写法有误",
    G087 Error "跳转有误",
    // not a fault
    G090 Hint "未公开",
    // a fault of the program
    G099 Error "程序内部错误",
}

impl Code {
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|code| code.as_str().eq_ignore_ascii_case(text.trim()))
    }
}
