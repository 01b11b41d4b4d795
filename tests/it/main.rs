//! The only integration binary: everything here runs the program as its users do.

mod action;
mod base;
mod book;
mod browser;
mod cache;
mod constructs;
mod fixture;
mod hostile;
mod lsp;
mod outcome;
mod own;
mod pages;
mod plane;
mod records;
mod report;
mod reports;
mod repository;
mod secrets;
mod support;
mod tidy;
mod ways;
mod workspaces;
