//! The only integration binary: everything here runs the program as its users do.

mod constructs;
mod fixture;
mod hostile;
mod outcome;
mod pages;
mod secrets;
mod support;
mod tidy;
