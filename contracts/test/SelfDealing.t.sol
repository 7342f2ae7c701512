// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IEmissions} from "../interfaces/IEmissions.sol";
import {IJobMarket} from "../interfaces/IJobMarket.sol";
import {Dealer__Harness} from "./Dealer__Harness.sol";

/// @notice Who is everybody at once loses by every setting that governance can reach.
contract SelfDealingTest is Dealer__Harness {
    struct Deal {
        uint256 settings;
        uint128 fee;
        uint128 royalty;
        uint8 count;
        uint8 voids;
        uint8 jobs;
        uint8 model;
        uint40 delegated;
        bool early;
    }

    function testFuzz_DealingWithOneselfLosesBySettingsWithinTheBounds(Deal calldata deal) public {
        _govern(deal.settings);
        if (deal.delegated % 4 != 0) stake.delegateTo(1, (uint256(deal.delegated) % 1e11) * 1e15 + 1e15);
        uint256 before = miel.balanceOf(address(this));
        (uint256 supply, uint256 jobs) = (miel.totalSupply(), uint256(deal.jobs % 3) + 1);
        bytes32[] memory works = new bytes32[](jobs);
        for (uint256 i = 0; i < jobs; i++) works[i] = _deal(deal, i);
        pass(1 days, 7_200);
        for (uint256 i = 0; i < jobs; i++) {
            if (works[i] == 0) continue;
            emissions.claim(works[i]);
            for (uint256 place = 0; place < 3; place++) _claimData(works[i], place);
        }
        _collectAll();

        uint256 rho = parameters.emissionRules(parameters.epoch()).rho;
        uint256 burned = supply - miel.totalSupply();
        uint256 emitted = RESERVE - reserve.remaining();
        require(emitted <= (burned * rho) / BASIS, "more than rho of what was burned");
        uint256 afterwards = miel.balanceOf(address(this));
        require(before - afterwards >= burned - (burned * rho) / BASIS, "less is lost than was burned for good");
        require(burned == 0 || afterwards < before, "the burn came back");
        assertEq(miel.balanceOf(address(emissions)), 0, "something stayed behind");
    }

    function test_TheDealerLosesWhatItBurnedLessWhatItWasPaid() public {
        stake.delegateTo(1, 1e21);
        uint256 before = miel.balanceOf(address(this));
        IJobMarket.Terms memory terms = _submitted(1e21, 1e18, 1, 0, 1);
        _pay(terms);
        (bytes32 id, ) = emissions.recordJob(terms);
        pass(1 days, 7_200);
        emissions.claim(id);
        for (uint256 place = 1; place < 3; place++) emissions.claimData(id, place);
        _collectAll();
        uint256 emitted = RESERVE - reserve.remaining();
        require(emitted <= 5e18 && emitted > 5e18 - 10, "not half of what was burned, to all recipients");
        uint256 lost = before - miel.balanceOf(address(this));
        require(lost >= 1e19 - emitted && lost < 1e19 - emitted + 1e6, "not all is brought home");
    }

    function _deal(Deal calldata deal, uint256 i) private returns (bytes32 id) {
        uint32 count = uint32(deal.count % 4) + 1;
        uint128 most = i == 0 ? 1e24 : 1e6;
        IJobMarket.Terms memory terms = _submitted(
            deal.fee % most,
            deal.royalty % most,
            count,
            deal.voids % (count + 1),
            deal.model % 2
        );
        if (deal.early) market.release(terms);
        _pay(terms);
        try emissions.recordJob(terms) returns (bytes32 recorded, uint256) {
            id = recorded;
        } catch (bytes memory reason) {
            require(bytes4(reason) == IEmissions.Emissions_Nothing.selector, "refused for another reason");
        }
    }

    function _claimData(bytes32 id, uint256 place) private {
        try emissions.claimData(id, place) {
            return;
        } catch (bytes memory reason) {
            require(bytes4(reason) == IEmissions.Emissions_Nothing.selector, "refused for another reason");
        }
    }
}
