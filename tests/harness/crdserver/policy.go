// policy judges requests by a ValidatingAdmissionPolicy as an API server of 1.30 or newer does, with upstream's own compiler and
// validator, where no such server is at hand.
//
// Standard input: {"policy": {...}, "requests": [{"operation", "resource", "user", "groups", "may": ["verb"], "object", "oldObject"}]}. What the
// authorizer grants is in "may": verbs on that object. Standard output: a line per request, "allow" or "deny: MESSAGE".
package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"slices"

	admission "k8s.io/api/admissionregistration/v1"
	core "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
	requests "k8s.io/apiserver/pkg/admission"
	"k8s.io/apiserver/pkg/admission/plugin/cel"
	"k8s.io/apiserver/pkg/admission/plugin/policy/validating"
	"k8s.io/apiserver/pkg/admission/plugin/webhook/matchconditions"
	budget "k8s.io/apiserver/pkg/apis/cel"
	"k8s.io/apiserver/pkg/authentication/user"
	"k8s.io/apiserver/pkg/authorization/authorizer"
	"k8s.io/apiserver/pkg/cel/environment"
)

type request struct {
	Operation requests.Operation `json:"operation"`
	Resource  string             `json:"resource"`
	User      string             `json:"user"`
	Groups    []string           `json:"groups"`
	May       []string           `json:"may"`
	Object    map[string]any     `json:"object"`
	OldObject map[string]any     `json:"oldObject"`
}

func main() {
	var asked struct {
		Policy   admission.ValidatingAdmissionPolicy `json:"policy"`
		Requests []request                           `json:"requests"`
	}
	if err := json.NewDecoder(os.Stdin).Decode(&asked); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(64)
	}
	validator, err := compile(&asked.Policy)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	for _, one := range asked.Requests {
		fmt.Println(one.judge(validator))
	}
}

// compile refuses what an API server would refuse when the policy is applied.
func compile(policy *admission.ValidatingAdmissionPolicy) (validating.Validator, error) {
	with := cel.OptionalVariableDeclarations{HasAuthorizer: true}
	without := cel.OptionalVariableDeclarations{}
	compiler, err := cel.NewCompositedCompiler(environment.MustBaseEnvSet(environment.DefaultCompatibilityVersion()))
	if err != nil {
		return nil, err
	}
	for _, one := range policy.Spec.Variables {
		named := &validating.Variable{Name: one.Name, Expression: one.Expression}
		if result := compiler.CompileAndStoreVariable(named, with, environment.NewExpressions); result.Error != nil {
			return nil, fmt.Errorf("variable %s: %s", one.Name, result.Error.Detail)
		}
	}
	var conditions, rules, messages []cel.ExpressionAccessor
	for i := range policy.Spec.MatchConditions {
		conditions = append(conditions, (*matchconditions.MatchCondition)(&policy.Spec.MatchConditions[i]))
	}
	for _, one := range policy.Spec.Validations {
		rules = append(rules, &validating.ValidationCondition{Expression: one.Expression, Message: one.Message, Reason: one.Reason})
		messages = append(messages, nil)
	}
	for _, one := range append(slices.Clone(conditions), rules...) {
		if result := compiler.CompileCELExpression(one, with, environment.NewExpressions); result.Error != nil {
			return nil, fmt.Errorf("%s: %s", one.GetExpression(), result.Error.Detail)
		}
	}
	var matcher matchconditions.Matcher
	if len(conditions) > 0 {
		compiled := compiler.CompileCondition(conditions, with, environment.NewExpressions)
		matcher = matchconditions.NewMatcher(compiled, policy.Spec.FailurePolicy, "policy", "validate", policy.Name)
	}
	return validating.NewValidator(
		compiler.CompileCondition(rules, with, environment.NewExpressions), matcher,
		compiler.CompileCondition(nil, with, environment.NewExpressions),
		compiler.CompileCondition(messages, without, environment.NewExpressions), policy.Spec.FailurePolicy, nil), nil
}

func (one request) judge(validator validating.Validator) string {
	object, old := unstructuredOf(one.Object), unstructuredOf(one.OldObject)
	shown := one.Object
	if shown == nil {
		shown = one.OldObject
	}
	about := unstructured.Unstructured{Object: shown}
	kind, resource := about.GroupVersionKind(), schema.GroupVersionResource{Group: "byok.dev", Version: "v1alpha1", Resource: one.Resource}
	attributes := requests.NewAttributesRecord(object, old, kind, about.GetNamespace(), about.GetName(), resource, "", one.Operation, nil, false,
		&user.DefaultInfo{Name: one.User, Groups: one.Groups})
	versioned := &requests.VersionedAttributes{Attributes: attributes, VersionedKind: kind, VersionedObject: object, VersionedOldObject: old}
	result := validator.Validate(context.Background(), resource, versioned, nil, &core.Namespace{}, budget.RuntimeCELCostBudget, one.authorizer(about))
	for _, decision := range result.Decisions {
		if decision.Action == validating.ActionDeny {
			return fmt.Sprintf("deny: %s", decision.Message)
		}
	}
	return "allow"
}

// authorizer grants the listed verbs on the object that the request is about, and nothing else.
func (one request) authorizer(about unstructured.Unstructured) authorizer.AuthorizerFunc {
	return func(_ context.Context, asked authorizer.Attributes) (authorizer.Decision, string, error) {
		if asked.GetAPIGroup() == "byok.dev" && asked.GetNamespace() == about.GetNamespace() &&
			slices.Contains(one.May, asked.GetVerb()+" "+asked.GetResource()+" "+asked.GetName()) {
			return authorizer.DecisionAllow, "", nil
		}
		return authorizer.DecisionNoOpinion, "", nil
	}
}

func unstructuredOf(object map[string]any) runtime.Object {
	if object == nil {
		return nil
	}
	return &unstructured.Unstructured{Object: object}
}
