"""How likely a deal is won or a lead qualifies, by the book's own history, and why: beside what people say."""
