export * from "./generated";
export * from "./generated/@tanstack/react-query.gen";
