using System.Text;
using LeadLedger.Businesses;
using Microsoft.OpenApi;
using NodaTime;

namespace LeadLedger.Hosting;

/// <summary>The API's own description: the OpenAPI document and a page to browse it.</summary>
public static class ApiDescription
{
    private const string Scheme = "bearer";

    public static void AddApiDescription(this IServiceCollection services) => services.AddOpenApi("v1", options =>
    {
        options.CreateSchemaReferenceId = type => type.Type is { IsNested: true, DeclaringType: { } outer, Name: "Body" }
            ? outer.Name
            : Microsoft.AspNetCore.OpenApi.OpenApiOptions.CreateDefaultSchemaReferenceId(type);
        options.AddDocumentTransformer((document, _, _) =>
        {
            document.Info = new OpenApiInfo
            {
                Title = "LeadLedger",
                Version = "1",
                Description = "Leads from missed calls, forms and texts, with every decision and the whole history. Lists answer {items, next}; "
                    + "errors are problem+json with a stable type and, in 'errors', each field with its fix.",
            };
            document.Servers?.Clear();
            document.Components ??= new OpenApiComponents();
            document.Components.SecuritySchemes ??= new Dictionary<string, IOpenApiSecurityScheme>();
            document.Components.SecuritySchemes[Scheme] = new OpenApiSecurityScheme
            {
                Type = SecuritySchemeType.Http,
                Scheme = "bearer",
                Description = "An API key, made with POST /api/keys. Staff keys read and write, auditor keys read with personal data hidden, admin keys do everything.",
            };
            return Task.CompletedTask;
        });
        options.AddOperationTransformer((operation, context, _) =>
        {
            var metadata = context.Description.ActionDescriptor.EndpointMetadata;
            operation.Parameters ??= [];
            foreach (var parameter in metadata.OfType<ApiParameter>())
            {
                if (operation.Parameters.OfType<OpenApiParameter>().FirstOrDefault(known => known.Name == parameter.Name) is { } known)
                {
                    known.Description = parameter.Description;
                    continue;
                }

                operation.Parameters.Add(new OpenApiParameter
                {
                    Name = parameter.Name,
                    In = parameter.InPath ? ParameterLocation.Path : ParameterLocation.Query,
                    Required = parameter.Required,
                    Description = parameter.Description,
                    Schema = new OpenApiSchema { Type = JsonSchemaType.String },
                });
            }

            if (metadata.OfType<ApiPolicy>().FirstOrDefault() is { Access: not ApiAccess.Open } policy)
            {
                operation.Description = $"{operation.Description}\n\nRoles: {RolesOf(policy.Access)}.".Trim();
                if (policy.Access == ApiAccess.Read && HttpMethods.IsGet(context.Description.HttpMethod ?? "")
                    && metadata.OfType<AuditorPolicy>().FirstOrDefault()?.View is not AuditorView.NothingPersonal and var view)
                {
                    AddReason(operation, view ?? AuditorView.Masked);
                }

                operation.Security = [new OpenApiSecurityRequirement { [new OpenApiSecuritySchemeReference(Scheme, context.Document)] = [] }];
            }

            return Task.CompletedTask;
        });
        options.AddSchemaTransformer((schema, context, _) =>
        {
            if (context.JsonTypeInfo.Type == typeof(Instant) || context.JsonTypeInfo.Type == typeof(Instant?))
            {
                schema.Type = JsonSchemaType.String;
                schema.Format = "date-time";
                schema.Properties?.Clear();
            }

            return Task.CompletedTask;
        });
    });

    public static void MapApiDescription(this IEndpointRouteBuilder routes)
    {
        routes.MapOpenApi("/openapi/{documentName}.json").Requires(ApiAccess.Open);
        MapFile(routes, "/docs", "index.html", "text/html; charset=utf-8");
        MapFile(routes, "/docs/docs.css", "docs.css", "text/css; charset=utf-8");
        MapFile(routes, "/docs/docs.js", "docs.js", "text/javascript; charset=utf-8");
    }

    private static void MapFile(IEndpointRouteBuilder routes, string path, string name, string type)
    {
        var content = EmbeddedText.Of($"docs/{name}");
        routes.MapGet(path, () => Results.Text(content, type, Encoding.UTF8)).Requires(ApiAccess.Open).ExcludeFromDescription();
    }

    private static void AddReason(OpenApiOperation operation, AuditorView view)
    {
        operation.Description += view == AuditorView.Withheld
            ? $" An auditor's key is answered only with a reason in {AuditorAnswers.ReasonHeader}: a proof can be checked only on what was recorded."
            : $" An auditor's key is answered with personal data hidden, and with all of it when {AuditorAnswers.ReasonHeader} gives a reason.";
        operation.Parameters!.Add(new OpenApiParameter
        {
            Name = AuditorAnswers.ReasonHeader,
            In = ParameterLocation.Header,
            Required = false,
            Description = "Why an auditor needs personal data, in 3 to 300 characters. The look is recorded with it. Other keys need none.",
            Schema = new OpenApiSchema { Type = JsonSchemaType.String },
        });
    }

    private static string RolesOf(ApiAccess access) => access switch
    {
        ApiAccess.Read => "staff, auditor, admin",
        ApiAccess.Write => "staff, admin",
        _ => "admin",
    };
}
