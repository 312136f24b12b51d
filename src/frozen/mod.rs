//! Cut points of frozen attributes: computed on request, kept in a file with their date and population, used until they are
//! computed again, so that nobody moves because others moved.

pub mod model;
