WITH features AS (
  SELECT
    o_custkey AS feature_key,
    sum(CASE WHEN o_orderdate > DATE '1998-05-04' THEN o_totalprice END) AS f0,
    count(CASE WHEN o_orderdate > DATE '1997-08-02' THEN 1 END) AS f1,
    count(CASE WHEN o_orderdate <= DATE '1997-08-02' THEN 1 END) AS f2,
    min(CASE WHEN o_orderdate > DATE '1998-05-04' THEN o_totalprice END) AS f3,
    max(CASE WHEN o_orderdate > DATE '1998-07-03' AND o_orderpriority IN ('2-HIGH', '3-MEDIUM') THEN o_totalprice END) AS f4,
    max(CASE WHEN o_orderdate > DATE '1998-07-03' AND o_orderpriority = '5-LOW' THEN o_totalprice END) AS f5,
    count(CASE WHEN o_orderdate > DATE '1998-06-03' AND o_orderpriority = '3-MEDIUM' THEN 1 END) AS f6,
    max(CASE WHEN o_orderdate > DATE '1997-08-07' AND o_orderdate <= DATE '1998-02-03' AND o_orderpriority = '1-URGENT' THEN o_orderdate END) AS f7,
    count(CASE WHEN o_orderdate > DATE '1998-07-03' THEN 1 END) AS f8,
    max(CASE WHEN o_orderdate > DATE '1998-06-03' AND o_orderdate <= DATE '1998-07-03' AND o_orderpriority = '4-NOT SPECIFIED' THEN o_totalprice END) AS f9,
    max(CASE WHEN o_orderdate > DATE '1998-04-04' AND o_orderdate <= DATE '1998-06-03' THEN o_totalprice END) AS f10,
    sum(CASE WHEN o_orderdate > DATE '1998-06-03' AND o_orderdate <= DATE '1998-07-03' AND o_orderpriority IN ('2-HIGH', '5-LOW') THEN o_totalprice END) AS f11,
    max(CASE WHEN o_orderdate > DATE '1998-02-03' AND o_orderdate <= DATE '1998-05-04' AND o_totalprice < 15400000 AND o_orderpriority = '5-LOW' THEN o_orderdate END) AS f12,
    sum(CASE WHEN o_orderdate > DATE '1998-02-03' AND o_orderdate <= DATE '1998-05-04' AND o_totalprice < 11200000 THEN o_totalprice END) AS f13,
    sum(CASE WHEN o_orderdate > DATE '1998-06-03' AND o_totalprice >= 18200000 THEN o_totalprice END) AS f14
  FROM (SELECT o_custkey, o_orderdate, o_orderpriority, CAST(o_totalprice * 100 AS BIGINT) AS o_totalprice FROM orders) AS t
  WHERE o_orderdate > DATE '1996-08-02' AND o_orderdate <= DATE '1998-08-02'
  GROUP BY 1
), subjects AS (
  SELECT
    customer.c_custkey AS key,
    customer.c_mktsegment,
    coalesce(f0, 0) AS f0,
    coalesce(f1, 0) AS f1,
    coalesce(f2, 0) AS f2,
    f3,
    f4,
    f5,
    coalesce(f6, 0) AS f6,
    f7,
    coalesce(f8, 0) AS f8,
    f9,
    f10,
    coalesce(f11, 0) AS f11,
    f12,
    coalesce(f13, 0) AS f13,
    coalesce(f14, 0) AS f14
  FROM customer LEFT JOIN features ON customer.c_custkey = feature_key
)
SELECT
  count(CASE WHEN f0 > 16800000 THEN 1 END) AS s000,
  count(CASE WHEN f1 >= 2 AND f5 > 5833300 THEN 1 END) AS s001,
  count(CASE WHEN 100 * f2 > 90 * f1 THEN 1 END) AS s002,
  count(CASE WHEN f3 < 9100000 AND f1 >= 4 THEN 1 END) AS s003,
  count(CASE WHEN f4 > 22166600 AND f9 > 25666600 THEN 1 END) AS s004,
  count(CASE WHEN f5 > 14000000 AND f6 = 0 THEN 1 END) AS s005,
  count(CASE WHEN f6 >= 1 AND NOT (f0 > 12600000) THEN 1 END) AS s006,
  count(CASE WHEN (f7 > DATE '1997-12-31' OR f4 > 10500000) THEN 1 END) AS s007,
  count(CASE WHEN f8 >= 1 AND f9 > 25666600 AND f10 > 21000000 THEN 1 END) AS s008,
  count(CASE WHEN f9 > 21000000 AND f12 > DATE '1998-03-11' THEN 1 END) AS s009,
  count(CASE WHEN (f10 > 15166600 OR 100 * f11 > 40 * f0) THEN 1 END) AS s010,
  count(CASE WHEN f11 > 9800000 AND f7 > DATE '1997-10-26' THEN 1 END) AS s011,
  count(CASE WHEN f12 > DATE '1998-03-19' AND f7 > DATE '1997-08-12' AND f8 >= 1 THEN 1 END) AS s012,
  count(CASE WHEN c_mktsegment = 'AUTOMOBILE' AND (f13 > 9800000 OR f10 > 5833300) THEN 1 END) AS s013,
  count(CASE WHEN f14 > 12600000 AND f3 < 16100000 AND f4 > 14000000 THEN 1 END) AS s014,
  count(CASE WHEN c_mktsegment = 'MACHINERY' AND (f0 > 18200000 OR f11 > 7000000) THEN 1 END) AS s015,
  count(CASE WHEN (f1 < 4 OR f6 >= 1) THEN 1 END) AS s016,
  count(CASE WHEN 100 * f2 > 290 * f8 AND f6 >= 1 THEN 1 END) AS s017,
  count(CASE WHEN f3 < 15400000 AND f5 > 16333300 THEN 1 END) AS s018,
  count(CASE WHEN f4 > 12833300 AND f7 > DATE '1997-11-16' AND f8 = 0 THEN 1 END) AS s019
FROM subjects;
