//! Years as people write them: `2014`, `2014年`, `2014年度`, `二〇一四年`.

/// Suffixes that say no more than that it is a year.
const SUFFIXES: [&str; 5] = ["财政年度", "会计年度", "年度", "学年", "年"];

/// The year that a text names and nothing else; `None` for a span of years, a date, or any other text.
pub fn parse(text: &str) -> Option<i16> {
    let text: String = text.chars().filter(|c| !c.is_whitespace()).collect();
    let bare = SUFFIXES.iter().find_map(|suffix| text.strip_suffix(suffix)).unwrap_or(&text);
    let digits: Vec<u32> = bare.chars().map(digit).collect::<Option<_>>()?;
    let year = (digits.len() == 4).then(|| digits.iter().fold(0, |year, digit| year * 10 + digit))?;
    (1900..2200).contains(&year).then_some(year as i16)
}

/// Of ASCII, full-width and Chinese digits.
fn digit(c: char) -> Option<u32> {
    const CHINESE: &str = "〇一二三四五六七八九";
    match c {
        '０'..='９' => Some(c as u32 - '０' as u32),
        '零' | '○' | 'Ｏ' => Some(0),
        _ => c.to_digit(10).or_else(|| CHINESE.chars().position(|other| other == c).map(|at| at as u32)),
    }
}
