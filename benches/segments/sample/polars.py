features = (
    tables["orders"]
    .filter((pl.col("o_orderdate") > date(1996, 8, 2)) & (pl.col("o_orderdate") <= date(1998, 8, 2)))
    .with_columns((pl.col("o_totalprice") * 100).cast(pl.Int64).alias("o_totalprice"))
    .with_columns(pl.col("o_orderpriority").cast(pl.Categorical))
    .group_by(feature_key="o_custkey")
    .agg(
        f0=pl.when((pl.col("o_orderdate") > date(1998, 5, 4))).then("o_totalprice").sum(),
        f1=((pl.col("o_orderdate") > date(1997, 8, 2))).sum(),
        f2=((pl.col("o_orderdate") <= date(1997, 8, 2))).sum(),
        f3=pl.when((pl.col("o_orderdate") > date(1998, 5, 4))).then("o_totalprice").min(),
        f4=pl.when((pl.col("o_orderdate") > date(1998, 7, 3)) & pl.col("o_orderpriority").is_in(["2-HIGH", "3-MEDIUM"])).then("o_totalprice").max(),
        f5=pl.when((pl.col("o_orderdate") > date(1998, 7, 3)) & (pl.col("o_orderpriority") == "5-LOW")).then("o_totalprice").max(),
        f6=((pl.col("o_orderdate") > date(1998, 6, 3)) & (pl.col("o_orderpriority") == "3-MEDIUM")).sum(),
        f7=pl.when((pl.col("o_orderdate") > date(1997, 8, 7)) & (pl.col("o_orderdate") <= date(1998, 2, 3)) & (pl.col("o_orderpriority") == "1-URGENT")).then("o_orderdate").max(),
        f8=((pl.col("o_orderdate") > date(1998, 7, 3))).sum(),
        f9=pl.when((pl.col("o_orderdate") > date(1998, 6, 3)) & (pl.col("o_orderdate") <= date(1998, 7, 3)) & (pl.col("o_orderpriority") == "4-NOT SPECIFIED")).then("o_totalprice").max(),
        f10=pl.when((pl.col("o_orderdate") > date(1998, 4, 4)) & (pl.col("o_orderdate") <= date(1998, 6, 3))).then("o_totalprice").max(),
        f11=pl.when((pl.col("o_orderdate") > date(1998, 6, 3)) & (pl.col("o_orderdate") <= date(1998, 7, 3)) & pl.col("o_orderpriority").is_in(["2-HIGH", "5-LOW"])).then("o_totalprice").sum(),
        f12=pl.when((pl.col("o_orderdate") > date(1998, 2, 3)) & (pl.col("o_orderdate") <= date(1998, 5, 4)) & (pl.col("o_totalprice") < 15400000) & (pl.col("o_orderpriority") == "5-LOW")).then("o_orderdate").max(),
        f13=pl.when((pl.col("o_orderdate") > date(1998, 2, 3)) & (pl.col("o_orderdate") <= date(1998, 5, 4)) & (pl.col("o_totalprice") < 11200000)).then("o_totalprice").sum(),
        f14=pl.when((pl.col("o_orderdate") > date(1998, 6, 3)) & (pl.col("o_totalprice") >= 18200000)).then("o_totalprice").sum(),
    )
)
subjects = tables["customer"].join(features, left_on="c_custkey", right_on="feature_key", how="left")
subjects = subjects.with_columns(pl.col("f0", "f1", "f2", "f6", "f8", "f11", "f13", "f14").fill_null(0))
answer = subjects.select(
    s000=((pl.col("f0") > 16800000)).sum(),
    s001=(((pl.col("f1") >= 2) & (pl.col("f5") > 5833300))).sum(),
    s002=((100 * pl.col("f2") > 90 * pl.col("f1"))).sum(),
    s003=(((pl.col("f3") < 9100000) & (pl.col("f1") >= 4))).sum(),
    s004=(((pl.col("f4") > 22166600) & (pl.col("f9") > 25666600))).sum(),
    s005=(((pl.col("f5") > 14000000) & (pl.col("f6") == 0))).sum(),
    s006=(((pl.col("f6") >= 1) & ~(pl.col("f0") > 12600000))).sum(),
    s007=(((pl.col("f7") > date(1997, 12, 31)) | (pl.col("f4") > 10500000))).sum(),
    s008=(((pl.col("f8") >= 1) & (pl.col("f9") > 25666600) & (pl.col("f10") > 21000000))).sum(),
    s009=(((pl.col("f9") > 21000000) & (pl.col("f12") > date(1998, 3, 11)))).sum(),
    s010=(((pl.col("f10") > 15166600) | (100 * pl.col("f11") > 40 * pl.col("f0")))).sum(),
    s011=(((pl.col("f11") > 9800000) & (pl.col("f7") > date(1997, 10, 26)))).sum(),
    s012=(((pl.col("f12") > date(1998, 3, 19)) & (pl.col("f7") > date(1997, 8, 12)) & (pl.col("f8") >= 1))).sum(),
    s013=(((pl.col("c_mktsegment") == "AUTOMOBILE") & ((pl.col("f13") > 9800000) | (pl.col("f10") > 5833300)))).sum(),
    s014=(((pl.col("f14") > 12600000) & (pl.col("f3") < 16100000) & (pl.col("f4") > 14000000))).sum(),
    s015=(((pl.col("c_mktsegment") == "MACHINERY") & ((pl.col("f0") > 18200000) | (pl.col("f11") > 7000000)))).sum(),
    s016=(((pl.col("f1") < 4) | (pl.col("f6") >= 1))).sum(),
    s017=(((100 * pl.col("f2") > 290 * pl.col("f8")) & (pl.col("f6") >= 1))).sum(),
    s018=(((pl.col("f3") < 15400000) & (pl.col("f5") > 16333300))).sum(),
    s019=(((pl.col("f4") > 12833300) & (pl.col("f7") > date(1997, 11, 16)) & (pl.col("f8") == 0))).sum(),
).collect(engine="streaming")
