"""The handouts of a kickoff at one link, of the blocks that have begun."""

from fastapi import APIRouter

from app.models.answers import PublishedHandouts
from app.routers.api import API
from app.routers.api.published import published_at_one_link

router = APIRouter(prefix=f"{API}/kickoffs/{{kickoff_id}}", tags=["handouts"])
published_at_one_link(router, PublishedHandouts, "handouts", read="get_handouts_link")
