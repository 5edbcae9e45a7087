//! The one test binary: a module per feature. `site_test` is the driver that most of them use, `html` the checker of
//! pages; see `tests/README.md`.

mod html;
mod site_test;

mod annual;
mod catalogue;
mod chart;
mod cli;
mod content;
mod corpus;
mod data_tables;
mod diag;
mod emit;
mod environment;
mod front_matter;
mod hidden;
mod hostile;
mod incremental;
mod kills;
mod kind_columns;
mod kind_links;
mod kinds;
mod land;
mod listings;
mod markdown;
mod matrix;
mod memory;
mod outputs;
mod pending;
mod records;
mod platform;
mod publish;
mod relations;
mod reproducible;
mod request_form;
mod scale;
mod series;
mod counts;
mod deadlines;
mod stats;
mod serve;
mod sheet;
mod tidy;
mod water;
mod withdrawn;
