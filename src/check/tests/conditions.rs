//! Every message about a condition, one condition at a time.

use insta::assert_snapshot;

use super::shop::SHOP;
use super::survey;

#[test]
fn names() {
    let found = survey(
        SHOP,
        &[
            "spnd_90d > 5",
            "spend_90dd > 5",
            "spend_12m > 5",
            "spend_prev_3m > 5",
            "citty = 'Jakarta'",
            "category = 'Shoes'",
            "sales > 3",
            "household = 'x'",
            "household.incme > 5",
            "household.wealth_of_all_members > 5",
            "customer.city = 'Jakarta'",
            "hosehold.income > 5",
            "sales.category = 'Shoes'",
            "completely_unheard_of",
            "s2",
            "in s2",
            "not in ss and visits > 1",
            "in loyalty.gold",
            "any(sales where catgory = 'Shoes')",
            "any(sales where region = 'Jakarta')",
            "any(sales where spend_90d > 5)",
            "any(sales where customer.spnd > 5)",
            "any(sales where customer.region = 'Jakarta')",
            "any(sales where customr.region = 'Jakarta')",
            "any(sales where shop.region = 'Jakarta')",
            "any(sales where product = 'x')",
            "any(sales where weight > 2)",
            "any(sales where product.brand.brand_nme = 'x')",
            "any(sales where unheard_of_column > 2)",
            "any(sale)",
            "any(weather)",
            "any(unheard_of_table)",
            "sum(value of spend) > 5",
            "any(sales where in s)",
            "any(sales where any(shoes))",
            "any(sales where sum(value of shoes) > 1)",
            "any(sales where number = 3)",
            "any(surveys where at > 90d ago)",
            "any(weather where customer.city = 'x')",
            "`spend_90d` > 5 and `city` = 'x'",
            "hour(joined) = 3",
            "dow(joined) = 'monday'",
            "frobnicate_all(points) = 3",
            "average(points) > 3",
            "sum(points) > 3",
            "count() > 3",
            "any(points) > 3",
        ],
    );
    assert_snapshot!(found, @r#"
    spnd_90d > 5
        K301 [spnd_90d] a customer has nothing called `spnd_90d` | did you mean `spend_90d`? | => spend_90d > 5
    spend_90dd > 5
        K301 [spend_90dd] a customer has nothing called `spend_90dd` | `spend` is a metric, but `_90dd` is no window: windows are `_90d`, `_3mo`, `_prev_90d`, `_mtd`, `_last_month` …
    spend_12m > 5
        K208 [spend_12m] `spend_12m`: are `12m` months or minutes? | write `spend_12mo` for months, `spend_12min` for minutes
    spend_prev_3m > 5
        K208 [spend_prev_3m] `spend_prev_3m`: are `prev_3m` months or minutes? | write `spend_prev_3mo` for months, `spend_prev_3min` for minutes
    citty = 'Jakarta'
        K301 [citty] a customer has nothing called `citty` | did you mean `city`? | => city = 'Jakarta'
    category = 'Shoes'
        K301 [category] a customer has nothing called `category` | `category` is a column of rows of `sales`: say what of it, as in `last(category of sales)` or `any(sales where category = …)`
    sales > 3
        K301 [sales] a customer has nothing called `sales` | `sales` is a table: `count(sales)` counts its rows, `any(sales where …)` asks for one
    household = 'x'
        K301 [household] a customer has nothing called `household` | `household` is a lookup: name what you want of it, `household.…`
    household.incme > 5
        K301 [incme] rows of `households` have no column `incme` | did you mean `income`? | => household.income > 5
    household.wealth_of_all_members > 5
        K301 [wealth_of_all_members] rows of `households` have no column `wealth_of_all_members` | it has `id`, `income` and `language`
    customer.city = 'Jakarta'
        K307 [customer.city] a rule is about a customer already | write `city` | => city = 'Jakarta'
    hosehold.income > 5
        K301 [hosehold] a customer has no lookup `hosehold` | did you mean `household`? | => household.income > 5
    sales.category = 'Shoes'
        K301 [sales] a customer has no lookup `sales` | `sales` is a table: say which of its rows, as in `last(category of sales)` or `any(sales where …)`
    completely_unheard_of
        K301 [completely_unheard_of] a customer has nothing called `completely_unheard_of` | there are `active`, `aov`, `best_sale`, `birth_date`, `city`, `customer_id`, `evenness`, `first_sale` and 14 more
    s2
        K301 [s2] a customer has nothing called `s2` | there are `active`, `aov`, `best_sale`, `birth_date`, `city`, `customer_id`, `evenness`, `first_sale` and 14 more
    in s2
        K301 [s2] there is no segment `s2` | the project has `s`
    not in ss and visits > 1
        K301 [ss] there is no segment `ss` | the project has `s`
    in loyalty.gold
        K301 [loyalty] there is no segment `loyalty` | the project has `s`
    any(sales where catgory = 'Shoes')
        K301 [catgory] rows of `sales` have no column `catgory` | did you mean `category`? | => any(sales where category = 'Shoes')
    any(sales where region = 'Jakarta')
        K301 [region] rows of `sales` have no column `region` | `region` is about a customer: among rows it is `customer.region` | => any(sales where customer.region = 'Jakarta')
    any(sales where spend_90d > 5)
        K301 [spend_90d] rows of `sales` have no column `spend_90d` | `spend_90d` is about a customer: among rows it is `customer.spend_90d` | => any(sales where customer.spend_90d > 5)
    any(sales where customer.spnd > 5)
        K301 [spnd] a customer has nothing called `spnd` | did you mean `spend`? | => any(sales where customer.spend > 5)
    any(sales where customer.region = 'Jakarta')
        fine
    any(sales where customr.region = 'Jakarta')
        K301 [customr] rows of `sales` have no `customr` to follow | did you mean `customer`? | => any(sales where customer.region = 'Jakarta')
    any(sales where shop.region = 'Jakarta')
        K301 [shop] rows of `sales` have no `shop` to follow | a dot follows a lookup of the table or its subject: `product` and `customer`
    any(sales where product = 'x')
        K301 [product] rows of `sales` have no column `product` | `product` is a lookup: name what you want of it, `product.…`
    any(sales where weight > 2)
        K301 [weight] rows of `sales` have no column `weight` | did you mean `product.weight`? | => any(sales where product.weight > 2)
    any(sales where product.brand.brand_nme = 'x')
        K301 [brand_nme] rows of `brands` have no column `brand_nme` | did you mean `brand_name`? | => any(sales where product.brand.brand_name = 'x')
    any(sales where unheard_of_column > 2)
        K301 [unheard_of_column] rows of `sales` have no column `unheard_of_column` | it has `transaction_id`, `customer_id`, `purchased_at`, `shipped_at`, `sku`, `status`, `channel`, `quantity` and 4 more
    any(sale)
        K301 [sale] there is no table `sale` | did you mean `sales`? | => any(sales)
    any(weather)
        K306 [weather] rows of `weather` do not say which `customer` they belong to | add `subject:` to `weather`, with the column that holds the customer's key
    any(unheard_of_table)
        K301 [unheard_of_table] there is no table `unheard_of_table` | the catalogue has `baskets`, `brands`, `customers`, `households`, `products`, `sales`, `shoes`, `surveys` and 2 more
    sum(value of spend) > 5
        K301 [spend] there is no table `spend` | `spend` is a metric: it is used by its name alone, without `of`
    any(sales where in s)
        K307 [in s] a segment is a group of subjects, not of rows | ask `in …` outside the brackets of the rows
    any(sales where any(shoes))
        K307 [any(shoes)] an aggregate stands inside the rows of another | give the inner one a name as a metric and use it as `customer.name`
    any(sales where sum(value of shoes) > 1)
        K307 [sum(value of shoes)] an aggregate stands inside the rows of another | give the inner one a name as a metric and use it as `customer.name`
    any(sales where number = 3)
        fine
    any(surveys where at > 90d ago)
        K406 [at] `surveys` has no time, so its rows have no `at` | declare `time:` for `surveys` in the catalogue
    any(weather where customer.city = 'x')
        K306 [weather] rows of `weather` do not say which `customer` they belong to | add `subject:` to `weather`, with the column that holds the customer's key
    `spend_90d` > 5 and `city` = 'x'
        fine
    hour(joined) = 3
        K308 [hour] there is no function `hour` | did you mean `hour_of_day`? | => hour_of_day(joined) = 3
    dow(joined) = 'monday'
        K308 [dow] there is no function `dow` | did you mean `weekday`? | => weekday(joined) = 'monday'
    frobnicate_all(points) = 3
        K308 [frobnicate_all] there is no function `frobnicate_all` | there are `abs`, `age`, `bucket`, `coalesce`, `day`, `day_of_month`, `greatest`, `hour_of_day`, `least`, `length`, `lower`, `month`, `month_of_year`, `quarter`, `round`, `upper`, `week`, `weekday`, `year`
    average(points) > 3
        K308 [average] there is no function `average` | did you mean `avg`? | => avg(points) > 3
    sum(points) > 3
        K402 [sum(points)] `sum` needs a value `of` a table, found only `points` | name the table behind `of`: `sum(points of …)` if `points` is a column
    count() > 3
        K402 [count()] `count` needs a table whose rows it counts | name it in the brackets, as in `count(sales)`
    any(points) > 3
        K301 [points] there is no table `points` | the catalogue has `baskets`, `brands`, `customers`, `households`, `products`, `sales`, `shoes`, `surveys` and 2 more
    "#);
}

#[test]
fn types() {
    let found = survey(
        SHOP,
        &[
            "points",
            "city",
            "tags",
            "joined",
            "active",
            "two",
            "(points > 3) = true",
            "(points > 3) + 1 > 2",
            "city > 5",
            "city = 1_000.50",
            "points = '5'",
            "points = '00017'",
            "points = 'many'",
            "points > 2026-03-31",
            "joined = '2026-03-31'",
            "joined > '2026-03-31T10:00'",
            "joined > 'long ago, far away'",
            "joined > 90d",
            "joined > 3mo",
            "birth_date < 3y",
            "joined < 5",
            "month(joined) = 3",
            "day(joined) = 15",
            "year(joined) = 2025",
            "quarter(joined) = 2",
            "month_of_year(joined) = 2026-03-01",
            "weekday(joined) = 'Sunday'",
            "weekday(joined) = 7",
            "weekday(joined) in ('saturday', 'Sunday')",
            "hour_of_day(birth_date) = 3",
            "today - birth_date > 30",
            "today - birth_date > 2.5",
            "today - birth_date > 3mo",
            "now - joined > 5h and now - joined < 4000000000w",
            "tags = 'golf'",
            "tags = tags",
            "tags in ('golf', 'tennis')",
            "tags contains 5",
            "city contains any of ('a', 'b')",
            "tags contains any of ('a', 5)",
            "points contains 'a'",
            "city starts with 5",
            "city matches '(unclosed'",
            "city matches 'a{5000}{5000}'",
            "tags contains any of ('a', 'a')",
            "city matches loves ignoring case",
            "points = 5 ignoring case",
            "active > false",
            "active = 1",
            "active = 'true'",
            "points between 'a' and 'z'",
            "points between 1 and 'z'",
            "city in ('a', 5, 6)",
            "points + city > 5",
            "-city = 'x'",
            "joined + 5 > now",
            "joined + 5d > now",
            "joined + (now - joined) > now",
            "birth_date + 5h > today",
            "joined * 5d > now",
            "joined * 5 > now",
            "(now - joined) * (now - joined) > 5d",
            "(now - joined) * 2 > 5d",
            "(now - joined) / 1d > 5",
            "joined + joined > now",
            "age(city) > 5",
            "age(birth_date, 5) > 5",
            "abs() > 5",
            "abs(city) > 5",
            "round(points, 1.5) > 5",
            "round(points, 99) > 5",
            "round(points, points) > 5",
            "round(points, 1, 2) > 5",
            "lower(points) = 'a'",
            "least(points) > 5",
            "least(points, city) > 5",
            "greatest(active, true)",
            "coalesce(tags, tags) contains 'x'",
            "coalesce(city, 'none') = 'none'",
            "city within next 7 days",
            "joined within last 6 hours",
            "city < 'm' or points < 'm' or joined < 'm'",
        ],
    );
    assert_snapshot!(found, @r#"
    points
        K407 [points] a condition is expected here, and this is a number | compare it with something, as in `… > 500`
    city
        K407 [city] a condition is expected here, and this is a text | compare it with something, as in `… = 'Jakarta'`
    tags
        K407 [tags] a condition is expected here, and this is a list of text | ask what it holds, as in `… contains 'golf'`
    joined
        K407 [joined] a condition is expected here, and this is a time | compare it with something, as in `… > 90d ago`
    active
        fine
    two
        K407 [two] a condition is expected here, and this is a number | compare it with something, as in `… > 500`
    (points > 3) = true
        K407 [points > 3] a value is expected here, and this is a condition | a condition stands by itself, joined by `and` and `or`; to count where it holds, write `count(… where …)`
    (points > 3) + 1 > 2
        K407 [points > 3] a value is expected here, and this is a condition | a condition stands by itself, joined by `and` and `or`; to count where it holds, write `count(… where …)`
    city > 5
        K401 [city > 5] a text is compared with a number | `city` is text: write '5' | => city > '5'
    city = 1_000.50
        K401 [city = 1_000.50] a text is compared with a number | `city` is text: write '1000.50' | => city = '1000.50'
    points = '5'
        K401 [points = '5'] a number is compared with a text | `points` is a number: write it without quotes | => points = 5
    points = '00017'
        K401 [points = '00017'] a number is compared with a text | `points` is a number: write it without quotes | => points = 17
    points = 'many'
        K401 [points = 'many'] a number is compared with a text | `points` is a number: compare it with one, as in `… > 500`
    points > 2026-03-31
        K401 [points > 2026-03-31] a number is compared with a date
    joined = '2026-03-31'
        K401 [joined = '2026-03-31'] a time is compared with a text | dates stand without quotes | => joined = 2026-03-31
    joined > '2026-03-31T10:00'
        K401 [joined > '2026-03-31T10:00'] a time is compared with a text | dates stand without quotes | => joined > 2026-03-31T10:00
    joined > 'long ago, far away'
        K401 [joined > 'long ago, far away'] a time is compared with a text | write a date as `2026-03-31`, or a time that has passed as `90d ago`
    joined > 90d
        K401 [joined > 90d] a time is compared with a duration | `joined` is a time: `90d ago` is one too | => joined > 90d ago
    joined > 3mo
        K401 [joined > 3mo] a time is compared with a duration | `joined` is a time: `3mo ago` is one too | => joined > 3mo ago
    birth_date < 3y
        K401 [birth_date < 3y] a date is compared with a duration | `birth_date` is a date: `3y ago` is one too | => birth_date < 3y ago
    joined < 5
        K401 [joined < 5] a time is compared with a number | `joined` is a time: compare it with one, as in `… > 90d ago`
    month(joined) = 3
        K401 [month(joined) = 3] a date is compared with a number | `month` is the date that starts the month; `month_of_year` is the number, 1 to 12 | => month_of_year(joined) = 3
    day(joined) = 15
        K401 [day(joined) = 15] a date is compared with a number | `day` is the day itself, a date; `day_of_month` is the number, 1 to 31 | => day_of_month(joined) = 15
    year(joined) = 2025
        K401 [year(joined) = 2025] a date is compared with a number | `year` is the date that starts the year: write its first day, as in `year(…) = 2026-01-01`
    quarter(joined) = 2
        K401 [quarter(joined) = 2] a date is compared with a number | `quarter` is the date that starts the quarter; for the second of any year write `month_of_year(…) in (4, 5, 6)`
    month_of_year(joined) = 2026-03-01
        K401 [month_of_year(joined) = 2026-03-01] a number is compared with a date | `month_of_year` is a number, 1 to 12; `month` is the date that starts the month | => month(joined) = 2026-03-01
    weekday(joined) = 'Sunday'
        K404 ['Sunday'] `weekday` is never `Sunday` | did you mean `sunday`? | => weekday(joined) = 'sunday'
    weekday(joined) = 7
        K401 [weekday(joined) = 7] a text is compared with a number | its values are `monday`, `tuesday`, `wednesday`, `thursday`, `friday`, `saturday` and `sunday`
    weekday(joined) in ('saturday', 'Sunday')
        K404 ['Sunday'] `weekday` is never `Sunday` | did you mean `sunday`? | => weekday(joined) in ('saturday', 'sunday')
    hour_of_day(birth_date) = 3
        K401 [birth_date] a date has no hour | use a column that holds a time
    today - birth_date > 30
        K401 [today - birth_date > 30] a duration is compared with a number | say of what: in days, `30d` | => today - birth_date > 30d
    today - birth_date > 2.5
        K401 [today - birth_date > 2.5] a duration is compared with a number | say of what, in whole units, as in `36h`
    today - birth_date > 3mo
        K208 [3mo] months, quarters and years have no one length to compare a difference with | move one of the two times instead: `a <= b + 3mo`
    now - joined > 5h and now - joined < 4000000000w
        K208 [4000000000w] this duration is longer than time
    tags = 'golf'
        K401 [tags = 'golf'] a list of text is compared with a text | ask what a list holds: `contains 'golf'`
    tags = tags
        K401 [tags = tags] lists are not compared | ask what it holds: `contains 'golf'`, `contains any of ('golf', 'tennis')`
    tags in ('golf', 'tennis')
        K401 ['golf'] a list of text is compared with a text | ask what a list holds: `contains 'golf'`
        K401 ['tennis'] a list of text is compared with a text | ask what a list holds: `contains 'golf'`
    tags contains 5
        K401 [5] the list holds text, and this is a number | write '5' | => tags contains '5'
    city contains any of ('a', 'b')
        K401 [city] a list is expected here, and this is a text | one value is tested by `in (…)`, a text by `contains '…'`
    tags contains any of ('a', 5)
        K401 [5] the list holds text, and this is a number | write '5' | => tags contains any of ('a', '5')
    points contains 'a'
        K401 [points] this tests text, and here is a number | numbers and times are compared: `=`, `<`, `>=`, `between … and …`
    city starts with 5
        K401 [5] this tests text, and here is a number | write '5' | => city starts with '5'
    city matches '(unclosed'
        K214 ['(unclosed'] this is not a regular expression | unclosed group | `contains`, `starts with` and `like` need no regular expression
    city matches 'a{5000}{5000}'
        K214 ['a{5000}{5000}'] this pattern is too large | it repeats too much | `contains`, `starts with` and `like` need no regular expression
    tags contains any of ('a', 'a')
        fine
    city matches loves ignoring case
        K402 [loves] a pattern that ignores case must be written out | write it in quotes, or use `contains … ignoring case`
    points = 5 ignoring case
        K401 [points = 5 ignoring case] only text is compared ignoring case, and this is a number | leave `ignoring case` out
    active > false
        K401 [active > false] true and false have no order | write the value alone, or `not` before it
    active = 1
        K401 [active = 1] a condition is compared with a number | `active` is true or false: write `true` | => active = true
    active = 'true'
        K401 [active = 'true'] a condition is compared with a text | `active` is true or false: write `true` | => active = true
    points between 'a' and 'z'
        K401 ['a'] a number is compared with a text | `points` is a number: compare it with one, as in `… > 500`
        K401 ['z'] a number is compared with a text | `points` is a number: compare it with one, as in `… > 500`
    points between 1 and 'z'
        K401 ['z'] a number is compared with a text | `points` is a number: compare it with one, as in `… > 500`
    city in ('a', 5, 6)
        K401 [5] a text is compared with a number | `city` is text: write '5' | => city in ('a', '5', 6)
        K401 [6] a text is compared with a number | `city` is text: write '6' | => city in ('a', 5, '6')
    points + city > 5
        K401 [points + city] a number and a text cannot be combined like this | `+ - * /` are for numbers; a time is moved by a duration, as in `… + 30d`
    -city = 'x'
        K401 [city] a number is expected here, and this is a text
    joined + 5 > now
        K401 [joined + 5] a time and a number cannot be combined like this | say of what, as in `+ 30d` or `+ 3mo`
    joined + 5d > now
        fine
    joined + (now - joined) > now
        fine
    birth_date + 5h > today
        K401 [birth_date + 5h] a date has no hours and minutes to add to | use days or longer units, or a column that holds a time
    joined * 5d > now
        K401 [joined * 5d] a time cannot be multiplied or divided | it is moved by a duration: `… + 30d`, `… - 3mo`
    joined * 5 > now
        K401 [joined * 5] a time and a number cannot be combined like this | say of what, as in `+ 30d` or `+ 3mo`
    (now - joined) * (now - joined) > 5d
        K401 [(now - joined) * (now - joined)] two durations are multiplied, which means nothing | divide a duration by a unit to calculate with it: `(… - …) / 1d` is a number of days
    (now - joined) * 2 > 5d
        fine
    (now - joined) / 1d > 5
        fine
    joined + joined > now
        K401 [joined + joined] a time and a time cannot be combined like this | `+ - * /` are for numbers; a time is moved by a duration, as in `… + 30d`
    age(city) > 5
        K401 [city] a date or a time is expected here, and this is a text
    age(birth_date, 5) > 5
        K402 [age(birth_date, 5)] `age` takes one argument, and 2 are given
    abs() > 5
        K402 [abs()] `abs` takes one number, and none is given
    abs(city) > 5
        K401 [city] a number is expected here, and this is a text
    round(points, 1.5) > 5
        K402 [1.5] the places to round to are a whole number up to 30
    round(points, 99) > 5
        K402 [99] the places to round to are a whole number up to 30
    round(points, points) > 5
        K402 [points] the places to round to are a whole number up to 30
    round(points, 1, 2) > 5
        K402 [round(points, 1, 2)] `round` takes one or two numbers, the second saying how many places, and 3 are given
    lower(points) = 'a'
        K401 [points] `lower` is of a text, and this is a number
    least(points) > 5
        K402 [least(points)] `least` takes two values or more, and one is given
    least(points, city) > 5
        K401 [city] the values of `least` are of one type: `points` is a number, and this is a text
    greatest(active, true)
        K401 [greatest(active, true)] a condition has no order and no default here
    coalesce(tags, tags) contains 'x'
        K401 [coalesce(tags, tags)] a list of text has no order and no default here
    coalesce(city, 'none') = 'none'
        fine
    city within next 7 days
        K401 [city] a date or a time is expected here, and this is a text
    joined within last 6 hours
        K208 [joined within last 6 hours] `within` counts days: today and the days before or after it | for hours write a comparison: `… > 6h ago`
    city < 'm' or points < 'm' or joined < 'm'
        K401 [points < 'm'] a number is compared with a text | `points` is a number: compare it with one, as in `… > 500`
        K401 [joined < 'm'] a time is compared with a text | write a date as `2026-03-31`, or a time that has passed as `90d ago`
    "#);
}

#[test]
fn counting() {
    let found = survey(
        SHOP,
        &[
            "sum(sales) > 5",
            "sum(value where gift) > 5",
            "sum(sales.value) > 5",
            "avg(quantity * price) > 5",
            "count(where gift) > 5",
            "percentile(90, value) > 5",
            "sum(distinct value of sales) > 5",
            "sum(category of sales) > 5",
            "avg(gift of sales) > 0.5",
            "avg(shipped_at - at of sales) > 2d",
            "max(gift of sales)",
            "max(customer.tags of sales) contains 'x'",
            "count(customer.tags of sales) > 1",
            "count(distinct customer.tags of sales) > 1",
            "percentile(101, value of sales) > 5",
            "percentile(99.12345678, value of sales) > 5",
            "percentile(99.5, value of sales) > 5",
            "last(value > 5 of sales)",
            "every(sales)",
            "any(sales have value > 5)",
            "every(sales have value > 5)",
            "any(sales) and every(sales have value > 5)",
            "every(sales over 30d have value) and any(sales)",
            "count(sales where value) > 1",
            "count(surveys over 90d) > 1",
            "opinion_90d > 1",
            "count(sales over 0d) > 1",
            "count(sales over 2026-03-31 to 2026-01-01) > 1",
            "spend_0d > 1",
            "spend_in_2025_90d > 1",
            "spend_90d over 30d > 1",
            "spend_in_2025 over 30d > 1 and spend_in_2025 over 60d > 1",
            "two_90d > 1",
            "two[channel = 'web'] > 1",
            "region over 90d = 'x'",
            "region[channel = 'web'] = 'x'",
            "household.income over 90d > 5",
            "(spend + 1) over 90d > 5",
            "spend[chanel = 'web'] > 5",
            "aov[chanel = 'web'] > 5",
            "spend[quantity] > 5",
            "aov[score > 3] > 5 and opinion[value > 3] > 1",
            "any(sales where customer.spend over 90d > 5)",
            "any(sales where customer.spend_90d[channel = 'web'] > 5)",
            "any(sales where product.weight over 90d > 5)",
        ],
    );
    assert_snapshot!(found, @r#"
    sum(sales) > 5
        K402 [sum(sales)] `sum` needs a value `of` a table, found only `sales` | name the table behind `of`: `sum(sales of …)` if `sales` is a column
    sum(value where gift) > 5
        K402 [sum(value where gift)] `sum` needs a value `of` a table, found only `value` | name the table behind `of`: `sum(value of …)` if `value` is a column
    sum(sales.value) > 5
        K402 [sum(sales.value)] `sum` needs a value `of` a table, found only `sales.value` | write `sum(value of sales)` | => sum(value of sales) > 5
    avg(quantity * price) > 5
        K402 [avg(quantity * price)] `avg` needs a value `of` a table, found only `quantity * price` | name the table behind `of`: `avg(… of sales)`
    count(where gift) > 5
        K402 [count(where gift)] `count` needs a table whose rows it counts | name it in the brackets, as in `count(sales)`
    percentile(90, value) > 5
        K301 [value] a customer has nothing called `value` | `value` is a column of rows of `sales`: say what of it, as in `last(value of sales)` or `any(sales where value = …)`
    sum(distinct value of sales) > 5
        K402 [distinct] `distinct` goes with `count` only, found it in `sum(…)` | leave it out | => sum( value of sales) > 5
    sum(category of sales) > 5
        K401 [category] a number is expected here, and this is a text | `count(distinct … of …)` counts texts, `mode(… of …)` is the most frequent
    avg(gift of sales) > 0.5
        K401 [gift] a number is expected here, and this is a condition | count the rows where it is true: `count(… where …)`
    avg(shipped_at - at of sales) > 2d
        fine
    max(gift of sales)
        K401 [gift] a condition cannot be aggregated like this | `any(… where …)` asks whether it is ever true, `every(… have …)` whether always
    max(customer.tags of sales) contains 'x'
        K401 [customer.tags] a list of text cannot be aggregated like this | ask each row what its list holds: `any(… where … contains 'golf')`
    count(customer.tags of sales) > 1
        fine
    count(distinct customer.tags of sales) > 1
        K401 [customer.tags] a list of text cannot be aggregated like this | ask each row what its list holds: `any(… where … contains 'golf')`
    percentile(101, value of sales) > 5
        K402 [percentile] a percentile is between 0 and 100
    percentile(99.12345678, value of sales) > 5
        K402 [percentile] a percentile has at most 6 digits after the point | round it
    percentile(99.5, value of sales) > 5
        fine
    last(value > 5 of sales)
        K407 [value > 5] a value is expected here, and this is a condition | a condition stands by itself, joined by `and` and `or`; to count where it holds, write `count(… where …)`
    every(sales)
        K209 [every(sales)] `every` needs `have` and what each row of `sales` must fulfil | write `every(t where … have …)`: `where` chooses the rows, `have` is tested on each
    any(sales have value > 5)
        K209 [have] `have` goes with `every` only; here it is `where` | write `where` | => any(sales where value > 5)
    every(sales have value > 5)
        K502 warning [every(sales have value > 5)] `every` is also true of those who have no such rows of `sales` | add `and any(sales …)` with the same window and `where` to leave them out
    any(sales) and every(sales have value > 5)
        fine
    every(sales over 30d have value) and any(sales)
        K407 [value] a condition is expected here, and this is a number | compare it with something, as in `… > 500`
    count(sales where value) > 1
        K407 [value] a condition is expected here, and this is a number | compare it with something, as in `… > 500`
    count(surveys over 90d) > 1
        K406 [count(surveys over 90d)] `surveys` has no time, so a window means nothing for its rows | declare `time:` for `surveys` in the catalogue, or leave the window out
    opinion_90d > 1
        K406 [opinion_90d] `surveys` has no time, so a window means nothing for its rows | declare `time:` for `surveys` in the catalogue, or leave the window out
    count(sales over 0d) > 1
        K402 [count(sales over 0d)] this window can hold nothing | give it a length of at least 1, and let it end after it starts
    count(sales over 2026-03-31 to 2026-01-01) > 1
        K402 [count(sales over 2026-03-31 to 2026-01-01)] this window can hold nothing | give it a length of at least 1, and let it end after it starts
    spend_0d > 1
        K402 [spend_0d] this window can hold nothing | give it a length of at least 1, and let it end after it starts
    spend_in_2025_90d > 1
        K406 [spend_in_2025_90d] a second window is put on what already has one | +[sum(value of sales over 2025-01-01 to 2025-12-31)] the first window is here | leave one of the two out; a metric without a window takes one wherever it is used
    spend_90d over 30d > 1
        K406 [spend_90d over 30d] a second window is put on what already has one | +[spend_90d] the first window is here | leave one of the two out; a metric without a window takes one wherever it is used
    spend_in_2025 over 30d > 1 and spend_in_2025 over 60d > 1
        K406 [spend_in_2025 over 30d] a second window is put on what already has one | +[sum(value of sales over 2025-01-01 to 2025-12-31)] the first window is here | leave one of the two out; a metric without a window takes one wherever it is used
        K406 [spend_in_2025 over 60d] a second window is put on what already has one | +[sum(value of sales over 2025-01-01 to 2025-12-31)] the first window is here | leave one of the two out; a metric without a window takes one wherever it is used
    two_90d > 1
        K406 [two_90d] `two` counts no rows, so there is nothing to put a window on | leave it out
    two[channel = 'web'] > 1
        K406 [channel = 'web'] `two` counts no rows, so there is nothing to put a filter on | leave it out
    region over 90d = 'x'
        K406 [region] `region` is not a metric, so it takes no window and no filter | only metrics take them; an aggregate written out has its own, as in `last(… of … over 90d where …)`
    region[channel = 'web'] = 'x'
        K406 [region] `region` is not a metric, so it takes no window and no filter | only metrics take them; an aggregate written out has its own, as in `last(… of … over 90d where …)`
    household.income over 90d > 5
        K406 [household.income] `household.income` is not a metric, so it takes no window and no filter | only metrics take them; an aggregate written out has its own, as in `last(… of … over 90d where …)`
    (spend + 1) over 90d > 5
        K406 [over 90d] nothing here takes the window `over 90d` | a window stands right behind the name of a metric, or inside the brackets of an aggregate, behind its table
    spend[chanel = 'web'] > 5
        K301 [chanel] rows of `sales` have no column `chanel` | did you mean `channel`? | => spend[channel = 'web'] > 5
    aov[chanel = 'web'] > 5
        K301 [chanel] rows of `sales` have no column `chanel` | did you mean `channel`? | => aov[channel = 'web'] > 5
    spend[quantity] > 5
        K407 [quantity] a condition is expected here, and this is a number | compare it with something, as in `… > 500`
    aov[score > 3] > 5 and opinion[value > 3] > 1
        K301 [score] rows of `sales` have no column `score` | it has `transaction_id`, `customer_id`, `purchased_at`, `shipped_at`, `sku`, `status`, `channel`, `quantity` and 4 more
        K301 [value] rows of `surveys` have no column `value` | it has `customer_id` and `score`
    any(sales where customer.spend over 90d > 5)
        fine
    any(sales where customer.spend_90d[channel = 'web'] > 5)
        fine
    any(sales where product.weight over 90d > 5)
        K406 [product.weight] `product.weight` is not a metric, so it takes no window and no filter | only metrics take them; an aggregate written out has its own, as in `last(… of … over 90d where …)`
    "#);
}

#[test]
fn units_and_closed_sets() {
    let found = survey(
        SHOP,
        &[
            "spend > visits",
            "spend + visits > 5",
            "spend - visits > 5",
            "spend > best_sale and spend > 5 * best_sale",
            "aov > spend",
            "aov > best_sale",
            "spend * spend > spend",
            "visits / spend > spend",
            "least(spend, visits) > 5",
            "spend between 5 and visits",
            "spend in (5, visits)",
            "spend / best_sale > 80%",
            "household.income > spend",
            "evenness > visits",
            "region = 'jakarta'",
            "region = 'jakarta' ignoring case",
            "region = 'JAKARTO' ignoring case",
            "region != 'Medan'",
            "'Medan' = region",
            "region in ('Jakarta', 'Bandun', 'Medan')",
            "region is 'Medan'",
            "region is not in ('Medan', 'Jakarta')",
            "grade = 2",
            "grade in (1, 2.50, 10)",
            "grade = '1'",
            "grade > 3",
            "region > 'Medan'",
            "region like 'Med%'",
        ],
    );
    assert_snapshot!(found, @r#"
    spend > visits
        K403 [spend > visits] IDR is compared with a count | compare amounts of one unit: divide by a count for an average, or declare the `unit:` of what has none
    spend + visits > 5
        K403 [spend + visits] IDR is added to a count | amounts of one unit can be added; a `unit:` in the catalogue may be missing or wrong
    spend - visits > 5
        K403 [spend - visits] a count is taken from IDR | amounts of one unit can be added; a `unit:` in the catalogue may be missing or wrong
    spend > best_sale and spend > 5 * best_sale
        fine
    aov > spend
        fine
    aov > best_sale
        fine
    spend * spend > spend
        K403 [spend * spend > spend] IDR^2 is compared with IDR | compare amounts of one unit: divide by a count for an average, or declare the `unit:` of what has none
    visits / spend > spend
        K403 [visits / spend > spend] a number per IDR is compared with IDR | compare amounts of one unit: divide by a count for an average, or declare the `unit:` of what has none
    least(spend, visits) > 5
        K403 [visits] a count is mixed with IDR | choose among amounts of one unit
    spend between 5 and visits
        K403 [visits] IDR is compared with a count | compare amounts of one unit: divide by a count for an average, or declare the `unit:` of what has none
    spend in (5, visits)
        K403 [visits] IDR is compared with a count | compare amounts of one unit: divide by a count for an average, or declare the `unit:` of what has none
    spend / best_sale > 80%
        fine
    household.income > spend
        fine
    evenness > visits
        fine
    region = 'jakarta'
        K404 ['jakarta'] `region` is never `jakarta` | did you mean `Jakarta`? | => region = 'Jakarta'
    region = 'jakarta' ignoring case
        fine
    region = 'JAKARTO' ignoring case
        K404 ['JAKARTO'] `region` is never `JAKARTO` | did you mean `Jakarta`? | => region = 'Jakarta' ignoring case
    region != 'Medan'
        K404 ['Medan'] `region` is never `Medan` | its values are `Jakarta`, `Bandung` and `Surabaya`
    'Medan' = region
        K404 ['Medan'] `region` is never `Medan` | its values are `Jakarta`, `Bandung` and `Surabaya`
    region in ('Jakarta', 'Bandun', 'Medan')
        K404 ['Bandun'] `region` is never `Bandun` | did you mean `Bandung`? | => region in ('Jakarta', 'Bandung', 'Medan')
        K404 ['Medan'] `region` is never `Medan` | its values are `Jakarta`, `Bandung` and `Surabaya`
    region is 'Medan'
        K404 ['Medan'] `region` is never `Medan` | its values are `Jakarta`, `Bandung` and `Surabaya`
    region is not in ('Medan', 'Jakarta')
        K404 ['Medan'] `region` is never `Medan` | its values are `Jakarta`, `Bandung` and `Surabaya`
    grade = 2
        K404 [2] `grade` is never `2` | its values are `1`, `2.5` and `10`
    grade in (1, 2.50, 10)
        fine
    grade = '1'
        K401 [grade = '1'] a number is compared with a text | `grade` is a number: write it without quotes | => grade = 1
    grade > 3
        fine
    region > 'Medan'
        fine
    region like 'Med%'
        fine
    "#);
}

#[test]
fn unknowns() {
    let found = survey(
        SHOP,
        &[
            "city != 'Jakarta'",
            "city != loves",
            "'Jakarta' != city",
            "city != 'Jakarta' ignoring case",
            "city is known and city != 'Jakarta'",
            "city is known and city != loves",
            "city is known and loves is known and city != loves",
            "city is unknown or city != 'Jakarta'",
            "city is not unknown and (city != 'Jakarta' or points > 5)",
            "not city = 'Jakarta'",
            "not (city = 'Jakarta' or points > 5)",
            "not active",
            "active is known and not active",
            "city not in ('Jakarta', 'Bandung')",
            "city is known and city not in ('Jakarta')",
            "city not contains 'a'",
            "tags not contains 'a'",
            "tags contains none of ('a', 'b')",
            "tags not contains any of ('a', 'b')",
            "points not between 1 and 5",
            "birth_date not within next 7 days",
            "not (city is known and city = 'Jakarta')",
            "city is known and not (city = loves)",
            "customer_id != 'C1'",
            "visits != 5",
            "aov != 5",
            "spend / 2 != 5",
            "not any(sales where category != 'Shoes')",
            "every(sales where category != 'x' have value > 5) and any(sales)",
            "not in s2",
            "first_sale <= 90d ago",
        ],
    );
    assert_snapshot!(found, @r#"
    city != 'Jakarta'
        K501 warning [city != 'Jakarta'] every customer whose `city` is unknown is left out here | `city is not 'Jakarta'` keeps them; add `city is known` if leaving them out is meant | => city is not 'Jakarta'
    city != loves
        K501 warning [city != loves] every customer whose `city` is unknown is left out here | `city is not loves` keeps them; add `city is known` if leaving them out is meant | => city is not loves
    'Jakarta' != city
        K501 warning ['Jakarta' != city] every customer whose `city` is unknown is left out here | `'Jakarta' is not city` keeps them; add `city is known` if leaving them out is meant | => 'Jakarta' is not city
    city != 'Jakarta' ignoring case
        K501 warning [city != 'Jakarta' ignoring case] every customer whose `city` is unknown is left out here | `city is not 'Jakarta' ignoring case` keeps them; add `city is known` if leaving them out is meant | => city is not 'Jakarta' ignoring case
    city is known and city != 'Jakarta'
        fine
    city is known and city != loves
        K501 warning [city != loves] every customer whose `loves` is unknown is left out here | `city is not loves` keeps them; add `loves is known` if leaving them out is meant | => city is known and city is not loves
    city is known and loves is known and city != loves
        fine
    city is unknown or city != 'Jakarta'
        fine
    city is not unknown and (city != 'Jakarta' or points > 5)
        fine
    not city = 'Jakarta'
        K501 warning [not city = 'Jakarta'] every customer whose `city` is unknown is left out here | `city is not 'Jakarta'` keeps them; add `city is known` if leaving them out is meant | => city is not 'Jakarta'
    not (city = 'Jakarta' or points > 5)
        K501 warning [not (city = 'Jakarta' or points > 5)] every customer whose `city` is unknown is left out here | add `and city is known` if that is meant, or `or city is unknown` to keep them
    not active
        K501 warning [not active] every customer whose `active` is unknown is left out here | add `and active is known` if that is meant, or `or active is unknown` to keep them
    active is known and not active
        fine
    city not in ('Jakarta', 'Bandung')
        K501 warning [city not in ('Jakarta', 'Bandung')] every customer whose `city` is unknown is left out here | `city is not in ('Jakarta', 'Bandung')` keeps them; add `city is known` if leaving them out is meant | => city is not in ('Jakarta', 'Bandung')
    city is known and city not in ('Jakarta')
        fine
    city not contains 'a'
        K501 warning [city not contains 'a'] every customer whose `city` is unknown is left out here | add `and city is known` if that is meant, or `or city is unknown` to keep them
    tags not contains 'a'
        K501 warning [tags not contains 'a'] every customer whose `tags` is unknown is left out here | add `and tags is known` if that is meant, or `or tags is unknown` to keep them
    tags contains none of ('a', 'b')
        K501 warning [tags contains none of ('a', 'b')] every customer whose `tags` is unknown is left out here | add `and tags is known` if that is meant, or `or tags is unknown` to keep them
    tags not contains any of ('a', 'b')
        K501 warning [tags not contains any of ('a', 'b')] every customer whose `tags` is unknown is left out here | add `and tags is known` if that is meant, or `or tags is unknown` to keep them
    points not between 1 and 5
        K501 warning [points not between 1 and 5] every customer whose `points` is unknown is left out here | add `and points is known` if that is meant, or `or points is unknown` to keep them
    birth_date not within next 7 days
        K501 warning [birth_date not within next 7 days] every customer whose `birth_date` is unknown is left out here | add `and birth_date is known` if that is meant, or `or birth_date is unknown` to keep them
    not (city is known and city = 'Jakarta')
        fine
    city is known and not (city = loves)
        K501 warning [not (city = loves)] every customer whose `loves` is unknown is left out here | `city is not loves` keeps them; add `loves is known` if leaving them out is meant | => city is known and city is not loves
    customer_id != 'C1'
        fine
    visits != 5
        fine
    aov != 5
        K501 warning [aov != 5] every customer whose `aov` is unknown is left out here | `aov is not 5` keeps them; add `aov is known` if leaving them out is meant | => aov is not 5
    spend / 2 != 5
        fine
    not any(sales where category != 'Shoes')
        fine
    every(sales where category != 'x' have value > 5) and any(sales)
        fine
    not in s2
        K301 [s2] there is no segment `s2` | the project has `s`
    first_sale <= 90d ago
        fine
    "#);
}
