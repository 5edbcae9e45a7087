//! The words of the project as data: no stage, no IO, nothing that acts. Everything else imports from here.
//!
//! | module | holds |
//! |---|---|
//! | `hash` | `Hash128`, `Hashed<T>`: what fingerprints are made of |
//! | `span` | `Span`, `Located<T>`: places in files |
//! | `path`, `slug` | source and output paths, names that an address can hold |
//! | `glob` | patterns of paths |
//! | `hidden` | characters that nobody sees |
//! | `moment`, `numbers`, `words` | dates, 索引号 and 文号, closed vocabularies |
//! | `amount` | what was measured, exact to a thousandth |
//! | `annual` | the tables of the annual report, cell by cell |
//! | `aqi`, `water` | classes of air (HJ 633) and surface water (GB 3838) |
//! | `field`, `front` | the table of front-matter fields, and what one file states |
//! | `workdays` | which days are worked in China |
//! | `issue` | which issue of a series a document is |
//! | `kind`, `figure` | a class of documents and its own fields; figures as they are written |
//! | `grid`, `decimal` | a table of a spreadsheet, and exact numbers |
//! | `records` | what a channel says of its records |
//! | `json` | plain data as JSON text |
//! | `document` | a document and a channel as read from their files |
//! | `block` | a block of a page, as a channel declares it |
//! | `statute` | what the law wants published: arts. 20 and 21 |
//! | `withdrawal` | from which day a document is withdrawn, why, and what stays visible |
//! | `years` | years as people write them |

pub mod amount;
pub mod annual;
pub mod aqi;
pub mod block;
pub mod decimal;
pub mod document;
pub mod field;
pub mod figure;
pub mod file;
pub mod front;
pub mod glob;
pub mod grid;
pub mod hash;
pub mod hidden;
pub mod issue;
pub mod json;
pub mod kind;
pub mod moment;
pub mod numbers;
pub mod path;
pub mod records;
pub mod slug;
pub mod span;
pub mod statute;
pub mod table;
pub mod water;
pub mod withdrawal;
pub mod words;
pub mod workdays;
pub mod years;

pub use amount::Amount;
pub use block::{Block, BlockBody};
pub use decimal::Decimal;
pub use document::{
    Ask, Body, ChannelFile, Condition, Count, Division, Document, Heading, Link, LinkKind, Select, Sort, SortKey,
};
pub use field::{Field, FieldType};
pub use figure::Figure;
pub use front::{AttachmentRef, Extra, Front, Raw, Value};
pub use glob::Glob;
pub use grid::Grid;
pub use hash::{Hash128, Hashed};
pub use issue::Issue;
pub use kind::{Column, Deadline, Due, Form, Kind, KindField, Notice, ReportLine, ReportRule, SeriesRule, Shape, Sum};
pub use moment::Moment;
pub use numbers::{DocNumber, IndexNumber};
pub use path::{OutPath, SourcePath};
pub use span::{Located, Span, Text};
pub use withdrawal::{Cause, Remains, Withdrawal};
pub use words::{Axis, Disclosure, RelationKind, Validity};
pub use workdays::{Workdays, YearOfWork};
