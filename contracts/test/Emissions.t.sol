// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IClaims} from "../interfaces/IClaims.sol";
import {IJobMarket} from "../interfaces/IJobMarket.sol";
import {Dealer__Harness} from "./Dealer__Harness.sol";
import {TestBase} from "./TestBase.sol";

/// @notice Jobs that end in every way, recorded and claimed at any time and more than once, while parameters change.
contract EmissionsHandler is Dealer__Harness {
    IJobMarket.Terms[] private _jobs;
    mapping(bytes32 id => bool) private _recorded;
    mapping(uint256 day => uint256) public drawnOf;
    uint256[] public days_;
    uint256 public recordings;
    uint256 public claimed;
    uint256 private immutable SUPPLY = 1e27;

    function work(uint128 fee, uint8 count, uint8 voids, uint8 way, uint8 model) external {
        uint32 many = uint32(count % 4) + 1;
        IJobMarket.Terms memory terms = _submitted(fee % 1e23, 1, many, voids % (many + 1), model % 2);
        _jobs.push(terms);
        if (way % 8 < 3) market.release(terms);
        if (way % 8 == 2 || way % 8 == 3) claims.reject(_batchOf(terms), 0, address(this));
    }

    function pay(uint256 index) public {
        if (_jobs.length == 0) return;
        IJobMarket.Terms memory terms = _at(index);
        IJobMarket.State state = market.job(_idOf(terms)).state;
        if (claims.state(_batchOf(terms)) == IClaims.State.Rejected) return;
        if (state == IJobMarket.State.Submitted || state == IJobMarket.State.Released) _pay(terms);
    }

    function record(uint256 index) external {
        if (_jobs.length == 0) return;
        pay(index);
        IJobMarket.Terms memory terms = _at(index);
        bytes32 id = _idOf(terms);
        try emissions.recordJob(terms) {
            require(!_recorded[id], "recorded twice");
            _recorded[id] = true;
            recordings++;
            days_.push(block.timestamp / 1 days);
        } catch {}
    }

    function claim(uint256 index, uint8 place) external {
        if (_jobs.length == 0) return;
        bytes32 id = _idOf(_at(index));
        if (place >= 64) pass(1 days, 7_200);
        uint256 before = reserve.remaining();
        if (place % 4 == 0) {
            try emissions.claim(id) {} catch {}
        } else {
            try emissions.claimData(id, (place % 4) - 1) {} catch {}
        }
        drawnOf[emissions.workOf(id).day] += before - reserve.remaining();
        if (before != reserve.remaining()) claimed++;
    }

    function change(uint256 seed) external {
        if (seed % 16 == 0) _govern(seed);
    }

    function delegate(uint96 amount, bool leaves) external {
        uint256 shares = stake.backing(1, address(this)).shares - stake.backing(1, address(this)).thawing;
        if (leaves && shares != 0) stake.undelegate(1, shares);
        else stake.delegateTo(1, ((uint256(amount) % 1e9) + 1) * 1e15);
    }

    function burn() external {
        if (market.feesToBurn() != 0) market.burnFees();
    }

    function wait(uint32 time) external {
        pass(time % 2 days, 0);
    }

    function daysCount() external view returns (uint256) {
        return days_.length;
    }

    /// @notice What fees have burned, done or due.
    function burned() external view returns (uint256) {
        return SUPPLY - miel.totalSupply() + market.feesToBurn();
    }

    function _at(uint256 index) private view returns (IJobMarket.Terms memory) {
        uint256 count = _jobs.length;
        return _jobs[count - 1 - (index % (count < 4 ? count : 4))];
    }
}

contract EmissionsTest is TestBase {
    EmissionsHandler private handler;

    function setUp() public {
        handler = new EmissionsHandler();
        targetContract(address(handler));
    }

    function test_TheHandlerRecordsAndClaims() public {
        handler.work(1e21, 0, 0, 7, 1);
        handler.record(0);
        handler.record(0);
        assertEq(handler.recordings(), 1, "not recorded once");
        for (uint8 place = 0; place < 4; place++) handler.claim(0, 64 + place);
        handler.claim(0, 64);
        assertEq(handler.claimed(), 3, "not operator and two data sets");
        assertEq(handler.burned(), 1e19, "burned");
        require(handler.reserve().remaining() > 4e26 - 5e18, "more than was asked for");
    }

    function invariant_EmittedIsNeverMoreThanFeesBurned() public view {
        uint256 emitted = 4e26 - handler.reserve().remaining();
        require(emitted * 10_000 <= handler.burned() * 9_000, "more than the largest rho of what fees burned");
    }

    function invariant_ADayDrawsNoMoreThanItsBudget() public view {
        for (uint256 i = 0; i < handler.daysCount(); i++) {
            uint256 day = handler.days_(i);
            require(handler.drawnOf(day) <= handler.emissions().dayOf(day).budget, "above the budget");
        }
    }

    function invariant_TheReserveHoldsWhatRemainsAndWhatIsPromised() public view {
        uint256 remaining = handler.reserve().remaining();
        assertEq(handler.miel().balanceOf(address(handler.reserve())), remaining, "another balance");
        require(handler.emissions().promised() <= remaining, "promised what is not there");
        assertEq(handler.miel().balanceOf(address(handler.emissions())), 0, "something stayed behind");
    }
}
