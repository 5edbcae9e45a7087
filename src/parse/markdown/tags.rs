//! What is the same for every tag of a kind: its mark-up, where it may stand.

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

/// Blocks that may stand in a cell and not between rows.
pub fn is_block(tag: &TagEnd) -> bool {
    matches!(
        tag,
        TagEnd::Paragraph
            | TagEnd::Heading(_)
            | TagEnd::BlockQuote(_)
            | TagEnd::CodeBlock
            | TagEnd::List(_)
            | TagEnd::Table
    )
}

/// Constructs that can nest in themselves.
pub fn nests(tag: &TagEnd) -> bool {
    matches!(
        tag,
        TagEnd::BlockQuote(_)
            | TagEnd::List(_)
            | TagEnd::Emphasis
            | TagEnd::Strong
            | TagEnd::Strikethrough
            | TagEnd::Link
            | TagEnd::Image
    )
}
