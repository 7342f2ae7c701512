// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Availability} from "../claims/Availability.sol";
import {Claims} from "../claims/Claims.sol";
import {ProtocolParameters} from "../governance/ProtocolParameters.sol";
import {IAvailability} from "../interfaces/IAvailability.sol";
import {IClaims} from "../interfaces/IClaims.sol";
import {Tags} from "../referee/lib/Tags.sol";
import {TestBase} from "./TestBase.sol";

interface IVmFee {
    function fee(uint256 baseFee) external;

    function deal(address account, uint256 balance) external;
}

/// @notice Demands, answers, silence, convictions and withdrawals in any order, on batches of one claim whose lists
/// hold one root each. It is client and referee of its batches.
contract Demands__Handler is TestBase {
    IVmFee private constant fees = IVmFee(address(vm));
    bytes32 private constant ROOT = bytes32(uint256(7));
    uint256 private constant PEOPLE = 4;

    Availability public immutable availability;
    Claims public immutable claims;
    IAvailability.Question[] private _questions;
    bytes32[] private _batches;
    bytes private _claim;

    /// coins that went in as bonds and came out as withdrawals
    uint256 public bonded;
    uint256 public withdrawn;
    uint256 public answers;
    uint256 public convictions;
    /// a bond's division gave somebody more or less than the bond
    bool public misdivided;
    /// somebody demanded of a sealed batch who may not, or was kept from it who may
    bool public trespassed;

    constructor() {
        ProtocolParameters parameters = new ProtocolParameters(address(this), address(0));
        address availability_ = _created(3);
        claims = new Claims(parameters, address(this), address(1), availability_);
        availability = new Availability(claims, parameters);
        require(address(availability) == availability_, "address");
        _claim = abi.encodePacked(ROOT, ROOT, bytes32(uint256(9)), _header(), uint32(0));
        newBatch();
    }

    function newBatch() public {
        bytes32 programId = keccak256(abi.encodePacked(Tags.PROGRAM, _header()));
        bytes32 root = keccak256(abi.encodePacked(Tags.CLAIM, programId, ROOT, ROOT, bytes32(uint256(9))));
        bytes32 batchId = claims.submit(bytes32(_batches.length), root, 1, address(2), 1, 1);
        if (_batches.length % 2 == 1) claims.seal(batchId, _person(_batches.length));
        _batches.push(batchId);
    }

    function appoint(uint256 seed, uint256 by) external {
        bytes32 batchId = _batches[_batches.length - 1];
        address asker = claims.askerOf(batchId);
        vm.prank(_person(by));
        try availability.appoint(batchId, _person(seed)) {
            trespassed = trespassed || asker != _person(by);
        } catch {
            trespassed = trespassed || asker == _person(by);
        }
    }

    function ask(uint256 seed, uint8 list, uint16 first, uint16 count, uint256 baseFee, uint256 extra) external {
        bytes32 batchId = _batches[_batches.length - 1];
        if (!claims.inWindow(batchId)) return newBatch();
        IAvailability.Question memory q = IAvailability.Question(
            batchId,
            0,
            IAvailability.Kind(list % 4),
            0,
            uint32(bound(first, 0, 3)),
            uint32(bound(count, 1, 1_024)),
            _person(seed)
        );
        (IAvailability.Status status, , , , , , ) = availability.demand(q);
        if (status != IAvailability.Status.None) return;
        fees.fee(bound(baseFee, 0, 1_000 gwei));
        uint256 bond = availability.bondFor(batchId, 32 * uint256(q.count), block.basefee) + bound(extra, 0, 1 ether);
        fees.deal(q.demander, bond);
        address asker = claims.askerOf(batchId);
        bool may = asker == address(0) || asker == q.demander || availability.appointed(batchId, q.demander);
        vm.prank(q.demander);
        try availability.demandClaim{value: bond}(batchId, 0, q.kind, q.first, q.count) {
            trespassed = trespassed || !may;
        } catch {
            trespassed = trespassed || may;
            return;
        }
        bonded += bond;
        _questions.push(q);
    }

    function answer(uint256 seed, uint256 by, uint256 baseFee) external {
        (IAvailability.Question memory q, bool found) = _open(seed);
        if (!found || claims.state(q.batchId) != IClaims.State.Pending) return;
        (, , , uint256 endsAt, uint256 endsAtBlock, , ) = availability.demand(q);
        if (block.timestamp > endsAt && block.number > endsAtBlock) return;
        fees.fee(bound(baseFee, 0, 2_000 gwei));
        bytes memory blob = q.first == 0 ? abi.encodePacked(_claim, ROOT) : _claim;
        vm.prank(_person(by));
        availability.answer(q, blob);
        ++answers;
    }

    function extend(uint256 seed, uint256 baseFee) external {
        (IAvailability.Question memory q, bool found) = _open(seed);
        if (!found) return;
        fees.fee(bound(baseFee, 0, 2_000 gwei));
        try availability.extend(q) {} catch {}
    }

    function expire(uint256 seed) external {
        (IAvailability.Question memory q, bool found) = _open(seed);
        if (!found || claims.state(q.batchId) != IClaims.State.Pending) return;
        (, , , uint256 endsAt, uint256 endsAtBlock, , ) = availability.demand(q);
        if (block.timestamp <= endsAt || block.number <= endsAtBlock) return;
        availability.expire(q);
        ++convictions;
    }

    function reject(uint256 seed) external {
        bytes32 batchId = _batches[seed % _batches.length];
        if (seed % 4 == 0 && claims.state(batchId) == IClaims.State.Pending) claims.reject(batchId, 0, _person(seed));
    }

    function settle(uint256 seed) external {
        if (_questions.length == 0) return;
        IAvailability.Question memory q = _questions[seed % _questions.length];
        (IAvailability.Status status, uint256 bond, , , , address answerer, uint256 share) = availability.demand(q);
        if (status == IAvailability.Status.Settled || claims.state(q.batchId) == IClaims.State.Pending) return;
        bool rejected = claims.state(q.batchId) == IClaims.State.Rejected;
        uint256 toDemander = availability.credit(q.demander);
        uint256 toAnswerer = availability.credit(answerer);
        availability.settle(q);
        toDemander = availability.credit(q.demander) - toDemander;
        toAnswerer = availability.credit(answerer) - toAnswerer;
        if (rejected) misdivided = misdivided || toDemander != bond;
        else if (answerer != q.demander) misdivided = misdivided || toDemander + share != bond || toAnswerer != share;
    }

    function withdraw(uint256 seed) external {
        address person = _person(seed);
        uint256 amount = availability.credit(person);
        if (amount == 0) return;
        vm.prank(person);
        availability.withdraw();
        withdrawn += amount;
    }

    function wait(uint256 seconds_) external {
        seconds_ = bound(seconds_, 1, 12 hours);
        pass(seconds_, seconds_ / 24 + 1);
    }

    function credits() external view returns (uint256 sum) {
        for (uint256 i = 0; i < PEOPLE; ++i) sum += availability.credit(_person(i));
    }

    function held() external view returns (uint256 sum) {
        for (uint256 i = 0; i < _questions.length; ++i) {
            (IAvailability.Status status, uint256 bond, , , , , uint256 share) = availability.demand(_questions[i]);
            require(share <= bond, "an answer takes more than its bond");
            if (status != IAvailability.Status.Settled) sum += bond;
        }
    }

    function openDemandsAgree() external view returns (bool) {
        for (uint256 b = 0; b < _batches.length; ++b) {
            if (claims.state(_batches[b]) == IClaims.State.Rejected) continue;
            uint256 open;
            for (uint256 i = 0; i < _questions.length; ++i) {
                (IAvailability.Status status, , , , , , ) = availability.demand(_questions[i]);
                if (_questions[i].batchId == _batches[b] && status == IAvailability.Status.Open) ++open;
            }
            if (open != claims.openDemands(_batches[b])) return false;
        }
        return true;
    }

    function _open(uint256 seed) private view returns (IAvailability.Question memory q, bool found) {
        uint256 n = _questions.length;
        for (uint256 i = 0; i < n && !found; ++i) {
            q = _questions[((seed % n) + i) % n];
            (IAvailability.Status status, , , , , , ) = availability.demand(q);
            found = status == IAvailability.Status.Open;
        }
    }

    /// @dev Every list has one root, which is ROOT.
    function _header() private pure returns (bytes memory) {
        return
            abi.encodePacked(
                abi.encodePacked(uint32(1), ROOT, uint32(1), uint32(1), ROOT, uint32(1), uint32(1)),
                abi.encodePacked(bytes32(0), uint32(0), bytes32(0), uint32(1))
            );
    }

    function _person(uint256 seed) private pure returns (address) {
        return address(uint160(0x1000 + (seed % PEOPLE)));
    }

    /// @dev Address of the `nonce`-th contract that this one creates (below 128).
    function _created(uint256 nonce) private view returns (address) {
        bytes memory rlp = abi.encodePacked(hex"d694", address(this), uint8(nonce));
        return address(uint160(uint256(keccak256(rlp))));
    }
}

/// @notice Invariants of docs/demands.md.
contract AvailabilityInvariants is TestBase {
    Demands__Handler private _handler;

    function setUp() public {
        _handler = new Demands__Handler();
        targetContract(address(_handler));
    }

    /// @notice Coins in = coins out + credits + bonds held, and none lies idle.
    function invariant_conservesBonds() public view {
        uint256 balance = address(_handler.availability()).balance;
        assertEq(_handler.bonded(), _handler.withdrawn() + balance, "in = out + balance");
        assertEq(balance, _handler.credits() + _handler.held(), "balance = credits + bonds held");
        require(!_handler.misdivided(), "a bond was divided wrongly");
    }

    /// @notice Of a sealed batch its requester demands, and whom it appointed, and nobody else.
    function invariant_OnlyTheRequesterAndWhomItAppointedDemandOfASealedBatch() public view {
        require(!_handler.trespassed(), "a sealed batch was opened, or kept shut");
    }

    /// @notice Claims counts exactly the open demands, so a batch is final neither too early nor never.
    function invariant_countsOpenDemands() public view {
        require(_handler.openDemandsAgree(), "open demands");
    }
}

/// @notice Bonds and shares for any size and fees.
contract AvailabilityFuzz is TestBase {
    /// @notice The share of an answer never exceeds the bond, whatever the bond, the fees and the bytes shown.
    function testFuzz_shareIsWithinTheBond(uint256 baseFee, uint256 extra, uint256 later, uint8 by) public {
        Demands__Handler handler = new Demands__Handler();
        handler.ask(by, by, 0, 1_024, baseFee, extra);
        handler.answer(0, by / 4, later);
        assertEq(handler.answers(), 1, "answered");
        handler.wait(12 hours - 1);
        handler.wait(12 hours - 1);
        handler.wait(12 hours - 1);
        handler.settle(0);
        assertEq(handler.held(), 0, "settled");
        assertEq(handler.credits(), handler.bonded(), "conserved");
        require(!handler.misdivided(), "a bond was divided wrongly");
    }
}
