// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Odds} from "../audits/Odds.sol";
import {ParameterTable} from "../governance/lib/ParameterTable.sol";
import {IJobMarket} from "../interfaces/IJobMarket.sol";
import {IParameters} from "../interfaces/IParameters.sol";
import {Dealer__Harness} from "./Dealer__Harness.sol";

/// @notice Whoever holds all auditors draws no more from the pool, on average, than its jobs have paid in, by every
/// setting that governance can reach; and they have paid it before anybody knows what is drawn.
contract AuditLotteryTest is Dealer__Harness {
    function testFuzz_AuditsDrawOnAverageNoMoreThanTheJobPaidForThem(
        uint256 settings,
        uint128 fee,
        uint32 count,
        uint40 asked,
        bool inMiel,
        bool backed
    ) public pure {
        IParameters.AuditRules memory rules = _auditRules(settings);
        count = (count % 1_000) + 1;
        fee = fee % 1e27;
        uint256 lock = _value(settings, 4);
        if (asked > lock) lock = asked;
        uint256 fees = uint256(fee) * count;
        uint256 p = Odds.probability(
            rules,
            fees,
            inMiel,
            count,
            lock,
            backed ? BASIS / 5 : BASIS,
            _value(settings, 13),
            _value(settings, 14) + _value(settings, 15)
        );
        uint256 paidIn = (fees * _value(settings, 7)) / BASIS;
        uint256 drawn = count < rules.leaves ? count : rules.leaves;
        uint256 audits = drawn * Odds.pay(rules, paidIn, p, drawn);
        uint256 planted = Odds.planted(rules, paidIn, p, type(uint256).max);
        uint256 expired = count * Odds.expired(rules, paidIn, count);
        // all auditors are the dealer's, it plants, and what does not draw it lets expire
        require(
            p * (audits + planted) + (BASIS - p) * expired <= paidIn * BASIS,
            "the draw is worth more than it cost"
        );
    }

    function testFuzz_WhatWasSubmittedPaysForItsAuditsHoweverItEnds(
        uint256 settings,
        uint128 fee,
        uint128 royalty,
        uint8 count,
        uint8 voids,
        uint8 end
    ) public {
        _govern(settings);
        count = (count % 4) + 1;
        (fee, royalty) = (fee % 1e24, royalty % 1e24);
        IJobMarket.Terms memory terms = _submitted(fee, royalty, count, voids % (count + 1), 0);
        (uint256 protocol, uint256 verification, uint256 burned) = parameters.feeRules(parameters.epoch());
        uint256 escrow = (uint256(fee) + royalty) * count;
        uint256 paidIn = (uint256(fee) * count * verification) / BASIS;
        uint256 before = miel.balanceOf(address(this));
        if (end % 3 == 0) {
            claims.reject(_batchOf(terms), 0, address(this));
            market.refund(terms);
            assertEq(miel.balanceOf(address(this)), before + escrow - paidIn, "the refund keeps back another fee");
            assertEq(market.owed(address(miel), address(this)), paidIn, "the fee did not come to the pool");
            return;
        }
        if (end % 3 == 1) market.release(terms);
        else _pay(terms);
        uint256 good = uint256(fee) * (count - (voids % (count + 1)));
        uint256 pool = (good * verification) / BASIS;
        uint256 treasury = (good * protocol) / BASIS;
        treasury -= (treasury * burned) / BASIS;
        uint256 voided = (uint256(fee) + royalty) * (voids % (count + 1));
        // treasury, pool and requester are one here; a void claim costs its requester more than its fee for audits
        assertEq(market.owed(address(miel), address(this)), treasury + pool + voided / 2, "the fees are others");
        require(pool + voided - voided / 2 >= paidIn, "a void claim is cheaper than its audits");
    }

    function _auditRules(uint256 settings) private pure returns (IParameters.AuditRules memory) {
        return
            IParameters.AuditRules({
                saving: uint16(_value(settings, 29)),
                lazy: uint16(_value(settings, 30)),
                margin: uint16(_value(settings, 31)),
                least: uint16(_value(settings, 32)),
                leaves: uint8(_value(settings, 33)),
                pay: uint16(_value(settings, 34)),
                planted: uint16(_value(settings, 35)),
                lock: uint40(_value(settings, 36)),
                missed: uint16(_value(settings, 37)),
                cost: uint40(_value(settings, 38))
            });
    }

    function _value(uint256 settings, uint256 line) private pure returns (uint256) {
        return _draw(ParameterTable.line(line), uint256(keccak256(abi.encode(settings, line))));
    }
}
