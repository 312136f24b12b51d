fn main() {
    let mut args = std::env::args().skip(1);
    let project = kohort::Project::open(args.next().unwrap()).unwrap();
    let when = args.next().unwrap();
    let rt = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    rt.block_on(async {
        let show = |ds: &[kohort::Diagnostic]| for d in ds { let s = project.sources(); let f = s.get(d.primary.span.file).unwrap(); let lc = f.line_column(d.primary.span.start as usize); println!("{:?} {} {}:{}:{} {} | {:?}", d.severity, d.code.id(), f.name(), lc.line, lc.column, d.message, d.helps); };
        let engine = match kohort::Engine::open(project.clone()).await { Ok(e) => e, Err(kohort::Error::Check{diagnostics}) => { show(&diagnostics); return }, Err(e) => panic!("{e}") };
        show(engine.diagnostics());
        let as_of = engine.as_of(&when).unwrap();
        if args.next().is_some() { println!("{}", engine.query(as_of).plans().await.unwrap()); }
        let t = std::time::Instant::now();
        match engine.query(as_of).counts().await { Ok(r) => println!("{r:#?}"), Err(kohort::Error::Data{diagnostics}) => show(&diagnostics), Err(e) => panic!("{e:?}") }
        println!("{:?}", t.elapsed());
    });
}
