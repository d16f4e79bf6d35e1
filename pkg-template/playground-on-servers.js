// The playground's element where a page is rendered without a browser: there are no custom elements to define it among, and the tag in the
// page's text becomes the element when a browser has it.
export class DynatabPlayground {}
