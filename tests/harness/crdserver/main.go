//go:debug default=go1.27

// crdserver serves CustomResourceDefinitions and their objects, with validation rules, defaulting and server-side
// apply, and nothing else: upstream's apiextensions-apiserver with no kube-apiserver behind it.
//
// Whoever shows a client certificate of --client-ca-file is known; the group system:masters may do everything.
package main

import (
	"errors"
	"net"
	"net/url"
	"os"
	"slices"

	"github.com/spf13/cobra"
	"go.opentelemetry.io/otel/trace/noop"
	"k8s.io/apiextensions-apiserver/pkg/apihelpers"
	apiextensions "k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/v1"
	"k8s.io/apiextensions-apiserver/pkg/apiserver"
	"k8s.io/apiextensions-apiserver/pkg/cmd/server/options"
	"k8s.io/apiextensions-apiserver/pkg/generated/openapi"
	meta "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/labels"
	"k8s.io/apimachinery/pkg/version"
	"k8s.io/apiserver/pkg/endpoints/discovery"
	naming "k8s.io/apiserver/pkg/endpoints/openapi"
	generic "k8s.io/apiserver/pkg/server"
	features "k8s.io/apiserver/pkg/util/openapi"
	"k8s.io/apiserver/pkg/util/webhook"
	"k8s.io/client-go/kubernetes/scheme"
	"k8s.io/client-go/tools/cache"
	"k8s.io/component-base/cli"
)

// noServices refuses conversion webhooks that name a service: a server without a core API has none.
type noServices struct{}

func (noServices) ResolveEndpoint(string, string, int32) (*url.URL, error) {
	return nil, errors.New("no services on this server")
}

func main() {
	opts := options.NewCustomResourceDefinitionsServerOptions(os.Stdout, os.Stderr)
	recommended := opts.RecommendedOptions
	recommended.CoreAPI, recommended.Admission = nil, nil
	recommended.Features.EnablePriorityAndFairness = false
	recommended.Authentication.SkipInClusterLookup = true
	recommended.Authentication.RemoteKubeConfigFileOptional = true
	recommended.Authorization.RemoteKubeConfigFileOptional = true

	command := &cobra.Command{
		Use: "crdserver",
		PersistentPreRunE: func(*cobra.Command, []string) error {
			return opts.ServerRunOptions.ComponentGlobalsRegistry.Set()
		},
		RunE: func(command *cobra.Command, _ []string) error {
			config, err := configure(opts)
			if err != nil {
				return err
			}
			completed := config.Complete()
			completed.GenericConfig.EnableDiscovery = true // /apis, which upstream leaves to its aggregator
			server, err := completed.New(generic.NewEmptyDelegate())
			if err != nil {
				return err
			}
			keepGroups(server)
			return server.GenericAPIServer.PrepareRun().RunWithContext(command.Context())
		},
	}
	command.SetContext(generic.SetupSignalContext())
	opts.AddFlags(command.Flags())
	os.Exit(cli.Run(command))
}

// configure is upstream's own order of completing, checking and applying the options, without the core API.
func configure(opts *options.CustomResourceDefinitionsServerOptions) (*apiserver.Config, error) {
	recommended := opts.RecommendedOptions
	config := generic.NewRecommendedConfig(apiserver.Codecs)
	loopback := []net.IP{net.IPv4(127, 0, 0, 1)}
	steps := []func() error{
		opts.Complete,
		opts.Validate,
		func() error {
			return recommended.SecureServing.MaybeDefaultWithSelfSignedCerts("localhost", nil, loopback)
		},
		func() error { return opts.ServerRunOptions.ApplyTo(&config.Config) },
		func() error { return recommended.ApplyTo(config) },
		func() error {
			return opts.APIEnablement.ApplyTo(&config.Config, apiserver.DefaultAPIResourceConfigSource(), apiserver.Scheme)
		},
	}
	for _, step := range steps {
		if err := step(); err != nil {
			return nil, err
		}
	}

	definitions := features.GetOpenAPIDefinitionsWithoutDisabledFeatures(openapi.GetOpenAPIDefinitions)
	namer := naming.NewDefinitionNamer(apiserver.Scheme, scheme.Scheme)
	config.OpenAPIConfig = generic.DefaultOpenAPIConfig(definitions, namer)
	config.OpenAPIV3Config = generic.DefaultOpenAPIV3Config(definitions, namer)
	return &apiserver.Config{
		GenericConfig: config,
		ExtraConfig: apiserver.ExtraConfig{
			CRDRESTOptionsGetter: options.NewCRDRESTOptionsGetter(
				*recommended.Etcd, config.ResourceTransformers, config.StorageObjectCountTracker),
			ServiceResolver: noServices{},
			AuthResolverWrapper: webhook.NewDefaultAuthenticationInfoResolverWrapper(
				nil, nil, config.LoopbackClientConfig, noop.NewTracerProvider()),
			MasterCount: 1,
		},
	}, nil
}

// keepGroups lists the groups of established CRDs under /apis, for clients that do not ask for aggregated discovery.
func keepGroups(server *apiserver.CustomResourceDefinitions) {
	crds := server.Informers.Apiextensions().V1().CustomResourceDefinitions()
	manager := server.GenericAPIServer.DiscoveryGroupManager
	listed := map[string]bool{}
	list := func() {
		all, _ := crds.Lister().List(labels.Everything()) // reads memory: it has no error to give
		served := servedVersions(all)
		for group := range listed {
			if served[group] == nil {
				delete(listed, group)
				manager.RemoveGroup(group)
			}
		}
		for group, versions := range served {
			listed[group] = true
			addGroup(manager, group, versions)
		}
	}
	crds.Informer().AddEventHandler(cache.ResourceEventHandlerFuncs{
		AddFunc:    func(any) { list() },
		UpdateFunc: func(any, any) { list() },
		DeleteFunc: func(any) { list() },
	})
}

// servedVersions is every group of an established CRD with the versions it serves, the preferred one first.
func servedVersions(crds []*apiextensions.CustomResourceDefinition) map[string][]string {
	served := map[string][]string{}
	for _, crd := range crds {
		if !apihelpers.IsCRDConditionTrue(crd, apiextensions.Established) {
			continue
		}
		for _, v := range crd.Spec.Versions {
			if v.Served && !slices.Contains(served[crd.Spec.Group], v.Name) {
				served[crd.Spec.Group] = append(served[crd.Spec.Group], v.Name)
			}
		}
	}
	for _, versions := range served {
		slices.SortFunc(versions, func(a, b string) int { return version.CompareKubeAwareVersionStrings(b, a) })
	}
	return served
}

func addGroup(manager discovery.GroupManager, group string, versions []string) {
	entry := meta.APIGroup{Name: group}
	for _, v := range versions {
		entry.Versions = append(entry.Versions, meta.GroupVersionForDiscovery{GroupVersion: group + "/" + v, Version: v})
	}
	entry.PreferredVersion = entry.Versions[0]
	manager.AddGroup(entry)
}
