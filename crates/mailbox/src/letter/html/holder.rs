//! The lists, quotes and tables that are open while a page is read, and what they become when they close.

use super::super::tree::{Block, Cell, Row};

/// More cells than a person reads; a larger table is read as flow.
const MOST_CELLS: usize = 2000;

/// Something open that holds blocks.
pub(crate) struct Level {
    pub holder: Holder,
    pub blocks: Vec<Block>,
    /// A table stands somewhere inside: then the table around it only arranges.
    has_table: bool,
}

/// What holds them.
pub(crate) enum Holder {
    Root,
    Quote,
    List { numbered_from: Option<u32>, items: Vec<Vec<Block>> },
    Item,
    Table { rows: Vec<Row> },
    Row { cells: Vec<Cell> },
    Cell { heading: bool },
}

impl Level {
    pub(crate) fn new(holder: Holder) -> Self {
        Self { holder, blocks: Vec::new(), has_table: false }
    }

    /// Closes this level into the one that held it.
    pub(crate) fn close_into(self, outer: &mut Self) {
        let Self { holder, blocks, has_table } = self;
        outer.has_table |= has_table;
        match (holder, &mut outer.holder) {
            (Holder::Quote, _) if !blocks.is_empty() => outer.blocks.push(Block::Quote(blocks)),
            (Holder::Item, Holder::List { items, .. }) if !blocks.is_empty() => items.push(blocks),
            (Holder::Cell { heading }, Holder::Row { cells }) => cells.push(Cell { heading, blocks }),
            (Holder::Row { cells }, Holder::Table { rows }) => {
                // What a row holds beside its cells was never meant to be in the table.
                outer.blocks.extend(blocks);
                if !cells.is_empty() {
                    rows.push(Row { cells });
                }
            }
            (Holder::List { numbered_from, mut items }, _) => {
                if !blocks.is_empty() {
                    items.push(blocks);
                }
                if !items.is_empty() {
                    outer.blocks.push(Block::List { numbered_from, items });
                }
            }
            (Holder::Table { rows }, _) => {
                outer.blocks.extend(blocks);
                if is_real(&rows) && !has_table {
                    outer.has_table = true;
                    outer.blocks.push(Block::Table(rows));
                } else {
                    outer.blocks.extend(rows.into_iter().flat_map(|row| row.cells).flat_map(|cell| cell.blocks));
                }
            }
            (Holder::Root | Holder::Quote | Holder::Item | Holder::Row { .. } | Holder::Cell { .. }, _) => outer.blocks.extend(blocks),
        }
    }
}

/// A table that names its columns or rows; any other arranges a page.
fn is_real(rows: &[Row]) -> bool {
    let cells = || rows.iter().flat_map(|row| &row.cells);
    rows.len() > 1 && cells().any(|cell| cell.heading) && cells().nth(MOST_CELLS).is_none()
}
