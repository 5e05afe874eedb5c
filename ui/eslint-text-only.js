import ts from "typescript";

/** What stands in a place for text is text: an object there would read "[object Object]". */
export default {
  meta: {
    type: "problem",
    schema: [],
    messages: { object: "This is an object and would be shown as [object Object]: put it into words first." },
  },
  create(context) {
    const services = context.sourceCode.parserServices;
    const isObject = (type) =>
      type.isUnion() ? type.types.some(isObject) : (type.flags & ts.TypeFlags.Object) !== 0;
    return {
      SvelteMustacheTag(node) {
        // A value that is all of an attribute has the attribute's type, which svelte-check knows.
        if (node.parent.type === "SvelteAttribute" && node.parent.value.length === 1) return;
        if (node.parent.type === "SvelteStyleDirective" || node.parent.type === "SvelteDirective") return;
        if (isObject(services.getTypeAtLocation(node.expression))) {
          context.report({ node, messageId: "object" });
        }
      },
    };
  },
};
