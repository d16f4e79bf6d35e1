/** Imports that Vite resolves. */
declare module "*.css?inline" {
  const text: string;
  export default text;
}
