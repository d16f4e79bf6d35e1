"use client";

import { useEffect, useState } from "react";
import { visit } from "../visit.js";

export default function Page() {
  const [visits, setVisits] = useState("");
  useEffect(() => {
    // Development renders twice; one visit is meant.
    globalThis.visiting ??= visit().catch((error) => ({ error: `${error.name}: ${error.message}` }));
    globalThis.visiting.then((report) => {
      globalThis.report = report;
      setVisits(report.visits);
    });
  }, []);
  return <p>Visits: {visits}</p>;
}
