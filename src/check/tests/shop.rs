//! The catalogue that most tests speak about.

/// A shop whose columns are all declared, so that it is checked without data.
pub(super) const SHOP: &str = "\
kohort: 1
timezone: Asia/Jakarta
currency: IDR
subject:
  name: customer
  table: customers
  key: customer_id
  lookups: { household: household_id -> households }
tables:
  customers:
    types:
      customer_id: text
      city: text
      birth_date: date
      joined: timestamp
      tags: list of text
      active: bool
      household_id: text
      points: integer
      loves: text
      lives_in_a: text
  households: { id: id, types: { id: text, income: decimal(2), language: text } }
  brands: { id: brand_id, types: { brand_id: integer, brand_name: text } }
  products:
    id: sku
    types: { sku: text, category: text, weight: decimal(3), brand_id: integer }
    lookups: { brand: brand_id -> brands }
  transactions:
    subject: customer_id
    time: purchased_at
    id: transaction_id
    types:
      transaction_id: integer
      customer_id: text
      purchased_at: timestamp
      shipped_at: timestamp
      sku: text
      status: text
      channel: text
      quantity: integer
      unit_price: decimal(2)
      gift: bool
    lookups: { product: sku -> products }
  surveys: { subject: customer_id, types: { customer_id: text, score: integer } }
  weather: { time: day_seen, types: { day_seen: date, degrees: integer } }
  sales:
    from: transactions
    where: status = 'paid' and quantity > 0
    columns: { value: quantity * unit_price, category: product.category }
  shoes: { from: sales, where: category = 'Shoes' }
  baskets: { from: sales, distinct: [customer_id, purchased_at] }
attributes:
  region: { is: city, values: [Jakarta, Bandung, Surabaya] }
  grade: { is: points, values: [1, 2.5, 10] }
  first_sale: first(at of sales)
  best_sale: { is: max(value of sales), unit: IDR }
metrics:
  spend: { is: sum(value of sales), unit: IDR }
  visits: count(distinct day(at) of sales)
  orders: count(baskets)
  aov: spend / orders
  evenness: stddev(value of sales)
  opinion: avg(score of surveys)
  spend_in_2025: sum(value of sales over 2025-01-01 to 2025-12-31)
  two: 1 + 1
";
