using System.Globalization;

namespace LocalCloud.Azure.Arm;

/// <summary>Resource Manager's refusals, and those that Storage's and Key Vault's providers give through it.</summary>
internal static class ArmProblems
{
    public static AzureProblem Unauthenticated(string code, string message) => new(401, code, message)
    {
        Headers =
        [
            ("WWW-Authenticate",
                $"Bearer authorization_uri=\"https://login.microsoftonline.com/\", error=\"invalid_token\", "
                    + $"error_description=\"{message}\""),
        ],
    };

    public static AzureProblem Forbidden(AzurePrincipal caller, string action, string scope) =>
        new(403, "AuthorizationFailed",
            $"The client '{caller.ClientId}' with object id '{caller.ObjectId}' does not have authorization to "
                + $"perform action '{action}' over scope '{scope}' or the scope is invalid. If access was recently "
                + "granted, please refresh your credentials.");

    public static AzureProblem LinkedForbidden(AzurePrincipal caller, string action, string scope) =>
        new(403, "LinkedAuthorizationFailed",
            $"The client '{caller.ClientId}' with object id '{caller.ObjectId}' has permission to perform the action, "
                + $"however, it does not have permission to perform action '{action}' on the linked scope '{scope}' "
                + "or the linked scope is invalid.");

    public static AzureProblem BadRequest(string code, string message) => new(400, code, message);

    public static AzureProblem InvalidContent() =>
        BadRequest("InvalidRequestContent", "The request content was invalid and could not be deserialized.");

    public static AzureProblem SubscriptionNotFound(string id) =>
        new(404, "SubscriptionNotFound", $"The subscription '{id}' could not be found.");

    public static AzureProblem GroupNotFound(string name) =>
        new(404, "ResourceGroupNotFound", $"Resource group '{name}' could not be found.");

    public static AzureProblem ResourceNotFound(string type, string name, string group) =>
        new(404, "ResourceNotFound", $"The Resource '{type}/{name}' under resource group '{group}' was not found.");

    public static AzureProblem InvalidLocation(string name, string existing, string wanted) =>
        new(409, "InvalidResourceLocation",
            $"The resource '{name}' already exists in location '{existing}' in resource group. A resource with the "
                + $"same name cannot be created in location '{wanted}'. Please select a new resource name.");

    public static AzureProblem LocationNotAvailable(string location, string type) =>
        BadRequest("LocationNotAvailableForResourceType",
            $"The provided location '{location}' is not available for resource type '{type}'. List of available "
                + $"regions for the resource type is '{string.Join(',', Locations.All)}'.");

    public static AzureProblem LocationNotAllowed(string name) => new(403, "RequestDisallowedByAzure",
        $"Resource '{name}' was disallowed by Azure: This policy maintains a set of best available regions where your "
            + "subscription can deploy resources.");

    public static AzureProblem Disallowed(string name, string policy) => new(403, "RequestDisallowedByPolicy",
        $"Resource '{name}' was disallowed by policy. Policy identifiers: "
            + $"'[{{\"policyAssignment\":{{\"name\":\"{policy}\"}}}}]'.")
    { Details = [("target", name), ("policy", policy)] };

    public static AzureProblem Locked(string path, string verb, string scope) => new(409, "ScopeLocked",
        $"The scope '{path}' cannot perform {verb} operation because following scope(s) are locked: '{scope}'. Please "
            + "remove the lock and try again.");

    public static AzureProblem NameTaken(string name) =>
        new(409, "StorageAccountAlreadyTaken", $"The storage account named {name} is already taken.");

    public static AzureProblem NameInvalid(string name) => BadRequest("AccountNameInvalid",
        $"{name} is not a valid storage account name. Storage account name must be between 3 and 24 characters in "
            + "length and use numbers and lower-case letters only.");

    public static AzureProblem Busy() =>
        new(409, "StorageAccountOperationInProgress",
            "An operation is currently performing on this storage account that requires exclusive access.");

    public static AzureProblem NotChangeable(string property) =>
        BadRequest("AccountPropertyCannotBeUpdated",
            $"The property '{property}' was specified in the input, but it cannot be updated.");

    public static AzureProblem InvalidValues(string parameters) =>
        BadRequest("InvalidValuesForRequestParameters", $"Values for request parameters are invalid: {parameters}.");

    public static AzureProblem NoIdentity(string id) =>
        BadRequest("FailedIdentityOperation", $"Identity operation failed: the resource '{id}' was not found.");

    public static AzureProblem TooMany(int seconds) =>
        new(429, "SubscriptionRequestsThrottled",
            $"Number of requests for subscription exceeded the limit. Please try again after "
                + $"'{seconds.ToString(CultureInfo.InvariantCulture)}' seconds.")
        {
            Headers = [("Retry-After", seconds.ToString(CultureInfo.InvariantCulture))],
        };
}
