"""Addresses of the book beside its pages, all below the language prefix."""

from django.urls import path

from silver_book import views

urlpatterns = [
    path("practices/", views.practice_matrix, name="practice_matrix"),
    path("practices/<str:step>/<str:element>/", views.practice_cell, name="practice_cell"),
]
