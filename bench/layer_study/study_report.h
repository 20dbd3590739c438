#pragma once

#include <string>
#include <vector>

#include "study.h"

namespace perfmodel::bench {

/// A table for people, as Markdown.
struct MarkdownTable {
  std::vector<std::string> header;
  std::vector<std::vector<std::string>> rows;  ///< each of header.size() cells

  std::string text() const;
};

/// "_3000" where a study is of the first 3 000 rows of each table, nothing where it is of all.
std::string rows_suffix(const StudyOptions& options);

/// What comes of the study: text on standard output and for a page, rows for machines and pictures in a folder. Names
/// of a study of the first N rows of each table end in _N: they stand beside those of all rows.
class StudyReport {
 public:
  explicit StudyReport(const StudyOptions& options) : folder_(options.output), suffix_(rows_suffix(options)) {}

  /// Prints a table, and keeps it as `<name>.md` in the folder, for the page.
  void add_table(const std::string& name, const MarkdownTable& table);

  /// Writes `<name>.json`, all of the rows, and `<name>.csv`, their members that are numbers, texts or booleans.
  void add_rows(const std::string& name, const std::vector<Json>& rows) const;

  /// A picture that shows what `says` says; `name` is with_suffix().
  struct Picture {
    std::string name, says;
  };

  /// Where a picture of this name is to be drawn: `<name>.svg`.
  std::string picture_path(const std::string& name) const { return folder_ + "/" + name + ".svg"; }

  std::string with_suffix(const std::string& name) const { return name + suffix_; }

  /// Keeps links to pictures as `<name>.md` in the folder, for the page.
  void add_pictures(const std::string& name, const std::vector<Picture>& pictures);

 private:
  void keep(const std::string& name, const std::string& text) const;

  std::string folder_, suffix_;
};

/// The member of a row as a number with so many decimals, "-" where it is not there or null.
std::string number_text(const Json& row, const std::string& member, int decimals = 2);

/// Puts the tables and links to pictures of `folder` into the page at `path`, between the lines `<!-- begin NAME -->`
/// and
/// `<!-- end -->`, in the place of what stands there, and copies rows and pictures beside the page.
/// @throws Error kNotFound (no page), kParse (a begin without an end), kIo.
void update_page(const std::string& path, const std::string& folder);

}  // namespace perfmodel::bench
