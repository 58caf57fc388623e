"""Media addresses."""

from django.urls import path

from network import upload_endpoints, views

urlpatterns = [
    path("media/images/<int:image_id>/<int:pk>/", views.rendition, name="rendition"),
    path("media/documents/<int:pk>/<str:name>", views.document, name="document"),
    path("uploads/", upload_endpoints.uploads, name="uploads"),
    path("uploads/<uuid:key>/", upload_endpoints.upload, name="upload"),
]
