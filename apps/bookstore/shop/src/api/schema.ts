/** The schema of the shop's API, written by `write-schema.ts`. Only a type: nothing of it is in the bundle. */
export type Schema = `
type User {
  id: ID!

  email: String!
  firstName: String!
  lastName: String
  createdAt: DateTime!
  updatedAt: DateTime!
  posts(where: BlogPostFilter, orderBy: [BlogPostOrderBy!], first: Int): [BlogPost!]!
  reviews(where: ReviewFilter, orderBy: [ReviewOrderBy!], first: Int): [Review!]!

  orders(where: OrderFilter, orderBy: [OrderOrderBy!], first: Int): [Order!]!

  role: UserRole
}

scalar DateTime

input BlogPostFilter {
  and: [BlogPostFilter!]
  or: [BlogPostFilter!]
  not: BlogPostFilter
  id: IDFilter
  title: StringFilter
  body: StringFilter
  accountsUser: AccountsUserFilter
  createdAt: DateTimeFilter
  updatedAt: DateTimeFilter
}

input IDFilter {
  eq: ID
  ne: ID
  in: [ID]
  notIn: [ID]
  lt: ID
  lte: ID
  gt: ID
  gte: ID
}

input StringFilter {
  eq: String
  ne: String
  in: [String]
  notIn: [String]
  lt: String
  lte: String
  gt: String
  gte: String
  contains: String
  startsWith: String
  endsWith: String
  ignoreCase: Boolean
}

input AccountsUserFilter {
  and: [AccountsUserFilter!]
  or: [AccountsUserFilter!]
  not: AccountsUserFilter
  id: IDFilter
  email: StringFilter
  posts: BlogPostListFilter
}

input BlogPostListFilter {
  some: BlogPostFilter
  every: BlogPostFilter
  none: BlogPostFilter
}

input DateTimeFilter {
  eq: DateTime
  ne: DateTime
  in: [DateTime]
  notIn: [DateTime]
  lt: DateTime
  lte: DateTime
  gt: DateTime
  gte: DateTime
}

input BlogPostOrderBy {
  id: OrderDirection
  title: OrderDirection
  body: OrderDirection
  createdAt: OrderDirection
  updatedAt: OrderDirection
}

enum OrderDirection {
  ASC
  DESC
}

input ReviewFilter {
  and: [ReviewFilter!]
  or: [ReviewFilter!]
  not: ReviewFilter
  id: IDFilter
  rating: IntFilter
  title: StringFilter
  body: StringFilter
  createdAt: DateTimeFilter
  updatedAt: DateTimeFilter
  book: BookFilter
  user: UserFilter
}

input IntFilter {
  eq: Int
  ne: Int
  in: [Int]
  notIn: [Int]
  lt: Int
  lte: Int
  gt: Int
  gte: Int
}

input BookFilter {
  and: [BookFilter!]
  or: [BookFilter!]
  not: BookFilter
  id: IDFilter
  isbn: StringFilter
  title: StringFilter
  subtitle: StringFilter
  genre: BookGenreFilter
  language: BookLanguageFilter
  pages: IntFilter
  price: DecimalFilter
  stock: IntFilter
  publishedOn: DateFilter
  description: StringFilter
  createdAt: DateTimeFilter
  updatedAt: DateTimeFilter
  version: IntFilter
  author: AuthorFilter
  reviews: ReviewListFilter
}

input BookGenreFilter {
  eq: BookGenre
  ne: BookGenre
  in: [BookGenre]
  notIn: [BookGenre]
  lt: BookGenre
  lte: BookGenre
  gt: BookGenre
  gte: BookGenre
}

enum BookGenre {
  fantasy
  romance
  crime
  science_fiction
  history
  biography
  poetry
  children
  science
  travel
}

input BookLanguageFilter {
  eq: BookLanguage
  ne: BookLanguage
  in: [BookLanguage]
  notIn: [BookLanguage]
  lt: BookLanguage
  lte: BookLanguage
  gt: BookLanguage
  gte: BookLanguage
}

enum BookLanguage {
  en
  de
  fr
  es
  hi
  zh
}

input DecimalFilter {
  eq: Decimal
  ne: Decimal
  in: [Decimal]
  notIn: [Decimal]
  lt: Decimal
  lte: Decimal
  gt: Decimal
  gte: Decimal
}

scalar Decimal

input DateFilter {
  eq: Date
  ne: Date
  in: [Date]
  notIn: [Date]
  lt: Date
  lte: Date
  gt: Date
  gte: Date
}

scalar Date

input AuthorFilter {
  and: [AuthorFilter!]
  or: [AuthorFilter!]
  not: AuthorFilter
  id: IDFilter
  name: StringFilter
  bornIn: IntFilter
  country: StringFilter
  biography: StringFilter
  createdAt: DateTimeFilter
  updatedAt: DateTimeFilter
  books: BookListFilter
}

input BookListFilter {
  some: BookFilter
  every: BookFilter
  none: BookFilter
}

input ReviewListFilter {
  some: ReviewFilter
  every: ReviewFilter
  none: ReviewFilter
}

input UserFilter {
  and: [UserFilter!]
  or: [UserFilter!]
  not: UserFilter
  id: IDFilter
  email: StringFilter
  firstName: StringFilter
  lastName: StringFilter
  createdAt: DateTimeFilter
  updatedAt: DateTimeFilter
  posts: BlogPostListFilter
  reviews: ReviewListFilter
  orders: OrderListFilter
}

input OrderListFilter {
  some: OrderFilter
  every: OrderFilter
  none: OrderFilter
}

input OrderFilter {
  and: [OrderFilter!]
  or: [OrderFilter!]
  not: OrderFilter
  id: IDFilter
  status: OrderStatusFilter
  total: DecimalFilter
  shipTo: OrderShipToFilter
  note: StringFilter
  placedAt: DateTimeFilter
  updatedAt: DateTimeFilter
  version: IntFilter
  customer: UserFilter
  lines: OrderLineListFilter
}

input OrderStatusFilter {
  eq: OrderStatus
  ne: OrderStatus
  in: [OrderStatus]
  notIn: [OrderStatus]
  lt: OrderStatus
  lte: OrderStatus
  gt: OrderStatus
  gte: OrderStatus
}

enum OrderStatus {
  placed
  paid
  shipped
  delivered
  cancelled
}

input OrderShipToFilter {
  name: StringFilter
  street: StringFilter
  postcode: StringFilter
  city: StringFilter
  country: StringFilter
}

input OrderLineListFilter {
  some: OrderLineFilter
  every: OrderLineFilter
  none: OrderLineFilter
}

input OrderLineFilter {
  and: [OrderLineFilter!]
  or: [OrderLineFilter!]
  not: OrderLineFilter
  id: IDFilter
  quantity: IntFilter
  unitPrice: DecimalFilter
  order: OrderFilter
  book: BookFilter
}

input ReviewOrderBy {
  id: OrderDirection
  rating: OrderDirection
  title: OrderDirection
  body: OrderDirection
  createdAt: OrderDirection
  updatedAt: OrderDirection
}

input OrderOrderBy {
  id: OrderDirection
  status: OrderDirection
  total: OrderDirection
  note: OrderDirection
  placedAt: OrderDirection
  updatedAt: OrderDirection
  version: OrderDirection
}

enum UserRole {
  admin
  reader
}

type AccountsUser {
  id: ID
  name: String

  email: String
  posts: [BlogPost]
}

type BlogPost {
  id: ID
  title: String
  body: String
  accountsUser: AccountsUser
  createdAt: DateTime
  updatedAt: DateTime
}

type Author {
  id: ID!
  name: String!

  bornIn: Int
  country: String
  biography: String!
  createdAt: DateTime!
  updatedAt: DateTime!
  books(where: BookFilter, orderBy: [BookOrderBy!], first: Int): [Book!]!
}

input BookOrderBy {
  id: OrderDirection
  isbn: OrderDirection
  title: OrderDirection
  subtitle: OrderDirection
  genre: OrderDirection
  language: OrderDirection
  pages: OrderDirection
  price: OrderDirection
  stock: OrderDirection
  publishedOn: OrderDirection
  description: OrderDirection
  createdAt: OrderDirection
  updatedAt: OrderDirection
  version: OrderDirection
}

type Book {
  id: ID!
  isbn: String!
  title: String!
  subtitle: String
  genre: BookGenre!
  language: BookLanguage!
  pages: Int!

  price: Decimal!
  stock: Int!
  publishedOn: Date!
  description: String!
  createdAt: DateTime!
  updatedAt: DateTime!
  version: Int!
  author: Author!
  reviews(where: ReviewFilter, orderBy: [ReviewOrderBy!], first: Int): [Review!]!
}

type Review {
  id: ID!
  rating: Int!
  title: String!
  body: String
  createdAt: DateTime!
  updatedAt: DateTime!
  book: Book!
  user: User!
}

type Order {
  id: ID!
  status: OrderStatus!

  total: Decimal!
  shipTo: OrderShipTo!
  note: String
  placedAt: DateTime!
  updatedAt: DateTime!
  version: Int!
  customer: User!
  lines(where: OrderLineFilter, orderBy: [OrderLineOrderBy!], first: Int): [OrderLine!]!
}

type OrderShipTo {
  name: String!
  street: String!
  postcode: String!
  city: String!
  country: String!
}

input OrderLineOrderBy {
  id: OrderDirection
  quantity: OrderDirection
  unitPrice: OrderDirection
}

type OrderLine {
  id: ID!
  quantity: Int!

  unitPrice: Decimal!
  order: Order
  book: Book!
}

input WantedBook {
  book: ID!
  quantity: Int!
}

type Query {
  orderLine(id: ID!): OrderLine
  orderLines(where: OrderLineFilter, orderBy: [OrderLineOrderBy!], first: Int, after: String, last: Int, before: String): OrderLineConnection!
  order(id: ID!): Order
  orders(where: OrderFilter, orderBy: [OrderOrderBy!], first: Int, after: String, last: Int, before: String): OrderConnection!
  review(id: ID!): Review
  reviews(where: ReviewFilter, orderBy: [ReviewOrderBy!], first: Int, after: String, last: Int, before: String): ReviewConnection!
  book(id: ID!): Book
  books(where: BookFilter, orderBy: [BookOrderBy!], first: Int, after: String, last: Int, before: String): BookConnection!
  author(id: ID!): Author
  authors(where: AuthorFilter, orderBy: [AuthorOrderBy!], first: Int, after: String, last: Int, before: String): AuthorConnection!
  user(id: ID!): User
  users(where: UserFilter, orderBy: [UserOrderBy!], first: Int, after: String, last: Int, before: String): UserConnection!
  User(id: ID!): User
  blogPosts: [BlogPost]
  blogPost(id: ID!): BlogPost
  accountsUsers: [AccountsUser]
  accountsUser(email: String!): AccountsUser
  posts(where: BlogPostFilter, orderBy: [BlogPostOrderBy!], first: Int, after: String, last: Int, before: String): BlogPostConnection!
  bookByIsbn(isbn: String!): Book

  me: User

  form(entity: String!): JSON!
}

type OrderLineConnection {
  edges: [OrderLineEdge!]!
  nodes: [OrderLine!]!
  pageInfo: PageInfo!

  totalCount: Int!
}

type OrderLineEdge {
  cursor: String!
  node: OrderLine!
}

type PageInfo {
  hasNextPage: Boolean!
  hasPreviousPage: Boolean!
  startCursor: String
  endCursor: String
}

type OrderConnection {
  edges: [OrderEdge!]!
  nodes: [Order!]!
  pageInfo: PageInfo!

  totalCount: Int!
}

type OrderEdge {
  cursor: String!
  node: Order!
}

type ReviewConnection {
  edges: [ReviewEdge!]!
  nodes: [Review!]!
  pageInfo: PageInfo!

  totalCount: Int!
}

type ReviewEdge {
  cursor: String!
  node: Review!
}

type BookConnection {
  edges: [BookEdge!]!
  nodes: [Book!]!
  pageInfo: PageInfo!

  totalCount: Int!
}

type BookEdge {
  cursor: String!
  node: Book!
}

type AuthorConnection {
  edges: [AuthorEdge!]!
  nodes: [Author!]!
  pageInfo: PageInfo!

  totalCount: Int!
}

type AuthorEdge {
  cursor: String!
  node: Author!
}

input AuthorOrderBy {
  id: OrderDirection
  name: OrderDirection
  bornIn: OrderDirection
  country: OrderDirection
  biography: OrderDirection
  createdAt: OrderDirection
  updatedAt: OrderDirection
}

type UserConnection {
  edges: [UserEdge!]!
  nodes: [User!]!
  pageInfo: PageInfo!

  totalCount: Int!
}

type UserEdge {
  cursor: String!
  node: User!
}

input UserOrderBy {
  id: OrderDirection
  email: OrderDirection
  firstName: OrderDirection
  lastName: OrderDirection
  createdAt: OrderDirection
  updatedAt: OrderDirection
}

type BlogPostConnection {
  edges: [BlogPostEdge!]!
  nodes: [BlogPost!]!
  pageInfo: PageInfo!

  totalCount: Int!
}

type BlogPostEdge {
  cursor: String!
  node: BlogPost!
}

scalar JSON

type Mutation {
  createOrderLine(data: OrderLineCreateInput!): OrderLine!
  updateOrderLine(id: ID!, data: OrderLineUpdateInput!): OrderLine
  deleteOrderLine(id: ID!): OrderLine
  createOrder(data: OrderCreateInput!): Order!
  updateOrder(id: ID!, data: OrderUpdateInput!, version: Int): Order
  deleteOrder(id: ID!): Order
  createReview(data: ReviewCreateInput!): Review!
  updateReview(id: ID!, data: ReviewUpdateInput!): Review
  deleteReview(id: ID!): Review
  createBook(data: BookCreateInput!): Book!
  updateBook(id: ID!, data: BookUpdateInput!, version: Int): Book
  deleteBook(id: ID!): Book
  createAuthor(data: AuthorCreateInput!): Author!
  updateAuthor(id: ID!, data: AuthorUpdateInput!): Author
  deleteAuthor(id: ID!): Author
  createUser(data: UserCreateInput!): User!
  updateUser(id: ID!, data: UserUpdateInput!): User
  deleteUser(id: ID!): User
  createPost(title: String!, body: String!, accountsUserId: ID!): BlogPost
  updatePost(id: ID!, post: UpdatePostParams): BlogPost
  deletePost(id: ID!): BlogPost

  placeOrder(lines: [WantedBook!]!, shipTo: OrderShipToInput!, id: ID): Order!

  cancelOrder(id: ID!): Order!
}

input OrderLineCreateInput {
  quantity: Int!

  unitPrice: Decimal!
  order: ID!
  book: ID!
}

input OrderLineUpdateInput {
  quantity: Int

  unitPrice: Decimal
}

input OrderCreateInput {
  status: OrderStatus

  total: Decimal!
  shipTo: OrderShipToInput!
  note: String
  customer: ID!
}

input OrderShipToInput {
  name: String!
  street: String!
  postcode: String!
  city: String!
  country: String!
}

input OrderUpdateInput {
  status: OrderStatus

  total: Decimal
  shipTo: OrderShipToInput
  note: String
}

input ReviewCreateInput {
  rating: Int!
  title: String!
  body: String
  book: ID!
  user: ID!
}

input ReviewUpdateInput {
  rating: Int
  title: String
  body: String
}

input BookCreateInput {
  isbn: String!
  title: String!
  subtitle: String
  genre: BookGenre!
  language: BookLanguage
  pages: Int!

  price: Decimal!
  stock: Int
  publishedOn: Date!
  description: String
  author: ID!
}

input BookUpdateInput {
  isbn: String
  title: String
  subtitle: String
  genre: BookGenre
  language: BookLanguage
  pages: Int

  price: Decimal
  stock: Int
  publishedOn: Date
  description: String
  author: ID
}

input AuthorCreateInput {
  name: String!

  bornIn: Int
  country: String
  biography: String
}

input AuthorUpdateInput {
  name: String

  bornIn: Int
  country: String
  biography: String
}

input UserCreateInput {
  email: String!
  firstName: String!
  lastName: String
  password: String!
  role: UserRole
}

input UserUpdateInput {
  email: String
  firstName: String
  lastName: String
  password: String
  role: UserRole
}

input UpdatePostParams {
  title: String
  body: String
  accountsUserId: ID
}

type Subscription {
  bookChanged(where: BookFilter, ops: [ChangeOp!], after: String): BookChange!
  orderChanged(where: OrderFilter, ops: [ChangeOp!], after: String): OrderChange!
}

type BookChange {
  op: ChangeOp!

  cursor: String!
  at: DateTime!

  node: Book!
}

enum ChangeOp {
  CREATED
  UPDATED
  DELETED
}

type OrderChange {
  op: ChangeOp!

  cursor: String!
  at: DateTime!

  node: Order!
}
`
