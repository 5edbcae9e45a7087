//! Mark-up that is the same for every tag of a kind.

use pulldown_cmark::{Tag, TagEnd};

/// Of its beginning, and whether that begins a line.
pub fn opening(tag: &Tag) -> Option<(bool, &'static str)> {
    Some(match tag {
        Tag::Paragraph => (true, "<p>"),
        Tag::BlockQuote(_) => (true, "<blockquote>\n"),
        Tag::List(None) => (true, "<ul>\n"),
        Tag::List(Some(1)) => (true, "<ol>\n"),
        Tag::Item => (true, "<li>"),
        Tag::TableHead => (false, "<thead>\n<tr>"),
        Tag::TableRow => (false, "<tr>"),
        Tag::Emphasis => (false, "<em>"),
        Tag::Strong => (false, "<strong>"),
        Tag::Strikethrough => (false, "<del>"),
        _ => return None,
    })
}

/// Of its end.
pub fn closing(tag: TagEnd) -> Option<&'static str> {
    Some(match tag {
        TagEnd::Paragraph => "</p>\n",
        TagEnd::BlockQuote(_) => "</blockquote>\n",
        TagEnd::CodeBlock => "</code></pre>\n",
        TagEnd::List(true) => "</ol>\n",
        TagEnd::List(false) => "</ul>\n",
        TagEnd::Item => "</li>\n",
        TagEnd::TableHead => "</tr>\n</thead>\n<tbody>\n",
        TagEnd::TableRow => "</tr>\n",
        TagEnd::Table => "</tbody>\n</table>\n",
        TagEnd::Emphasis => "</em>",
        TagEnd::Strong => "</strong>",
        TagEnd::Strikethrough => "</del>",
        _ => return None,
    })
}
