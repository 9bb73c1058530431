//! What each element of HTML is to us.

/// The part an element plays in the tree.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Role {
    Strong,
    Emphasis,
    Anchor,
    Heading(u8),
    List,
    NumberedList,
    Item,
    Quote,
    Preformatted,
    Table,
    Row,
    Cell,
    HeadingCell,
    /// Ends the paragraph before it, and is ended by the next one.
    Paragraph,
    /// Stands on its own lines and means nothing more.
    Flow,
    Rule,
    Break,
    Image,
    /// Holds nothing and shows nothing.
    Void,
    /// Not shown, and neither is what it holds.
    Dropped,
    /// Goes with the words around it.
    Inline,
}

/// The role of an element.
pub(crate) fn role(name: &str) -> Role {
    match name {
        "b" | "strong" => Role::Strong,
        "em" | "i" | "cite" | "dfn" | "var" => Role::Emphasis,
        "a" => Role::Anchor,
        "h1" => Role::Heading(2),
        "h2" => Role::Heading(3),
        "h3" => Role::Heading(4),
        "h4" => Role::Heading(5),
        "h5" | "h6" => Role::Heading(6),
        "ul" | "menu" | "dir" => Role::List,
        "ol" => Role::NumberedList,
        "li" => Role::Item,
        "blockquote" => Role::Quote,
        "pre" | "listing" => Role::Preformatted,
        "table" => Role::Table,
        "tr" => Role::Row,
        "td" => Role::Cell,
        "th" => Role::HeadingCell,
        "p" => Role::Paragraph,
        "address" | "article" | "aside" | "body" | "caption" | "center" | "dd" | "details" | "dialog" | "div" | "dl" | "dt"
        | "fieldset" | "head" | "figcaption" | "figure" | "footer" | "form" | "header" | "hgroup" | "html" | "legend" | "main" | "map"
        | "nav" | "optgroup" | "option" | "section" | "summary" => Role::Flow,
        "hr" => Role::Rule,
        "br" => Role::Break,
        "img" | "image" => Role::Image,
        "area" | "base" | "basefont" | "bgsound" | "col" | "colgroup" | "embed" | "frame" | "frameset" | "input" | "link" | "meta"
        | "param" | "source" | "tbody" | "tfoot" | "thead" | "track" | "wbr" => Role::Void,
        "applet" | "audio" | "canvas" | "datalist" | "iframe" | "math" | "meter" | "noembed" | "noframes" | "noscript" | "object"
        | "plaintext" | "progress" | "script" | "select" | "style" | "svg" | "template" | "textarea" | "title" | "video" | "xmp" => {
            Role::Dropped
        }
        _ => Role::Inline,
    }
}

impl Role {
    /// Whether it begins and ends a paragraph.
    pub(crate) fn is_block(self) -> bool {
        match self {
            Self::Heading(_)
            | Self::List
            | Self::NumberedList
            | Self::Item
            | Self::Quote
            | Self::Preformatted
            | Self::Table
            | Self::Row
            | Self::Cell
            | Self::HeadingCell
            | Self::Paragraph
            | Self::Flow
            | Self::Rule => true,
            Self::Strong | Self::Emphasis | Self::Anchor | Self::Break | Self::Image | Self::Void | Self::Dropped | Self::Inline => false,
        }
    }
}
